using System.Net;
using System.Net.Http;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary><c>pasteur erase</c> with a remote, other servers and a real git that looks for what is left.</summary>
public sealed class ErasingTests : IDisposable
{
    private const string Repository = "r.git";
    private const int Sigkill = 9;
    private const string Canary = "canary-5d20-to-be-erased";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("replay")]
    [InlineData("stop")]
    public async Task Every_server_follows_and_none_brings_it_back_not_even_one_that_slept(string onRewind)
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await StartAsync(daemon, "one", onRewind);
        await using var two = await StartAsync(daemon, "two", onRewind);
        var asleep = await StartAsync(daemon, "three", onRewind);
        var memory = await PasteurProcess.ServeAsync("--no-data", "--remote", daemon.Url(Repository), "--pull-every", "1s", "--on-rewind", onRewind);
        await using var forgetful = memory;
        var (first, _) = await PasteAsync(one, "first");
        var (id, token) = await PasteAsync(one, Canary);
        foreach (var site in new[] { two, asleep, memory }) await UntilAsync(async () => await StatusAsync(site, id) == 200, "the paste everywhere");
        await EditAsync(two, id, token, Canary + " edited");
        await UntilAsync(async () => (await asleep.Http.GetStringAsync($"raw/{id}", Cancel)).EndsWith("edited", StringComparison.Ordinal), "the edit everywhere");

        // What it has when it falls asleep, nobody else has: a paste, and one more edit of what is to be erased.
        await daemon.StopAsync();
        var (own, _) = await PasteAsync(asleep, "of the one that slept");
        await EditAsync(asleep, id, token, Canary + " edited in sleep");
        await asleep.StopAsync(Sigkill);
        await asleep.DisposeAsync();
        var (waiting, _) = await PasteAsync(one, "waits for the remote");
        await daemon.StartAsync();

        var said = await EraseAsync("one", 0, id);
        Assert.Contains("the remote has taken refs/heads/main", said, StringComparison.Ordinal);
        var (later, _) = await PasteAsync(two, "later");

        await using var awake = await StartAsync(daemon, "three", onRewind);
        PasteurProcess[] sites = [one, two, awake, memory];
        foreach (var site in sites)
        {
            foreach (var paste in new[] { first, own, waiting, later }) await UntilAsync(async () => await StatusAsync(site, paste) == 200, $"{paste} on {Array.IndexOf(sites, site)}");
            Assert.Equal(404, await StatusAsync(site, id));
        }
        await UntilAsync(async () => (await Task.WhenAll(sites.Select(site => site.Http.GetStringAsync("healthz", Cancel)))).All(text => text.Contains("\"backlog\": 0", StringComparison.Ordinal)), "no backlog");
        AssertGone(daemon.Path(Repository), id);
        foreach (var name in new[] { "one", "two", "three" })
        {
            var path = _folder[$"{name}/pastes.git"];
            await UntilAsync(() => Task.FromResult(!StockGit.Run(path, "rev-list", "--objects", "--all").Contains(id, StringComparison.Ordinal)), $"its end in {path}");
            AssertGone(path, id);
            Assert.Equal("", StockGit.Run(path, "for-each-ref", "refs/pasteur/lost", "refs/pasteur/erasing"));
        }
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task A_remote_that_takes_no_rewritten_history_is_named_and_nothing_changes_anywhere()
    {
        await using var daemon = await StartDaemonAsync();
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "true");
        await using var one = await StartAsync(daemon, "one");
        var (id, _) = await PasteAsync(one, Canary);
        await PasteAsync(one, "another");
        await UntilAsync(() => Task.FromResult(daemon.Git(Repository, "rev-list", "--count", "main") == "3"), "the pushes");
        var before = daemon.Git(Repository, "rev-parse", "main");
        var said = await EraseAsync("one", 66, id);
        Assert.Contains("nothing was erased, here or there: the remote does not take it: non-fast-forward", said, StringComparison.Ordinal);
        Assert.Contains("denying non-fast-forward refs/heads/main", said, StringComparison.Ordinal);
        Assert.Equal(before, daemon.Git(Repository, "rev-parse", "main"));
        Assert.Equal(200, await StatusAsync(one, id));
        await PasteAsync(one, "goes on");
        await UntilAsync(() => Task.FromResult(daemon.Git(Repository, "rev-list", "--count", "main") == "4"), "the next push");
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "false");
        await EraseAsync("one", 0, id);
        AssertGone(daemon.Path(Repository), id);
    }

    [Fact]
    public async Task A_paste_that_ends_is_erased_on_its_own_branch_by_all_or_nothing()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await StartAsync(daemon, "one");
        await using var two = await StartAsync(daemon, "two");
        var (id, _) = await PasteAsync(one, Canary, "1d");
        await UntilAsync(async () => await StatusAsync(two, id) == 200, "the paste on the other server");
        daemon.Git(Repository, "config", "receive.advertiseAtomic", "false");
        Assert.Contains("all or none (atomic)", await EraseAsync("one", 66, id), StringComparison.Ordinal);
        daemon.Git(Repository, "config", "receive.advertiseAtomic", "true");
        Assert.Contains("nothing left", await EraseAsync("one", 0, id), StringComparison.Ordinal);
        Assert.Equal("", daemon.Git(Repository, "for-each-ref", "refs/heads/until"));
        await UntilAsync(async () => await StatusAsync(two, id) == 404, "its end on the other server");
        var (next, _) = await PasteAsync(two, "ends too", "1d");
        await UntilAsync(async () => await StatusAsync(one, next) == 200, "the next one");
        AssertGone(daemon.Path(Repository), id);
    }

    /// <summary>Both servers answer for what the remote has alone, and go on taking pastes while one of them erases.</summary>
    [Fact]
    public async Task With_ack_remote_nothing_that_was_answered_is_lost_and_a_remote_that_refuses_is_named()
    {
        await using var daemon = await StartDaemonAsync();
        string[] ack = ["--ack", "remote"];
        await using var one = await StartAsync(daemon, "one", "replay", ack);
        await using var two = await StartAsync(daemon, "two", "replay", ack);
        var (id, _) = await PasteAsync(one, Canary);
        var (ending, _) = await PasteAsync(two, Canary, "1d");
        foreach (var paste in new[] { id, ending }) await UntilAsync(async () => await StatusAsync(one, paste) == 200, "both");
        using var stop = new CancellationTokenSource();
        var answered = new System.Collections.Concurrent.ConcurrentBag<string>();
        var writers = new[] { one, two }.SelectMany(site => Enumerable.Range(0, 2).Select(n => Task.Run(async () =>
        {
            for (var k = 0; !stop.IsCancellationRequested; k++) answered.Add((await PasteAsync(site, $"{n} {k}", k % 3 == 0 ? "1d" : null)).Id);
        }, Cancel))).ToArray();

        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "true");
        var refused = await EraseAmongOthersAsync();
        Assert.Equal(66, refused.ExitCode);
        Assert.Contains("the remote does not take it: non-fast-forward", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(200, await StatusAsync(two, id));
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "false");
        // The other server pushes all the time: what it has pushed between is not taken off.
        var erased = await EraseAmongOthersAsync();
        Assert.True(erased.ExitCode == 0, erased.Errors);
        Assert.Matches("the remote has taken .*refs/heads/main", erased.Text);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        Assert.True(answered.Count > 10, $"{answered.Count}");
        Assert.Equal("", daemon.Git(Repository, "for-each-ref", "refs/heads/erasing"));
        foreach (var site in new[] { one, two })
        {
            foreach (var paste in answered) await UntilAsync(async () => await StatusAsync(site, paste) == 200, $"{paste}");
            foreach (var paste in new[] { id, ending }) await UntilAsync(async () => await StatusAsync(site, paste) == 404, $"the end of {paste}");
        }
        foreach (var paste in new[] { id, ending }) AssertGone(daemon.Path(Repository), paste);
        daemon.AssertSound(Repository);

        Task<Tool.Result> EraseAmongOthersAsync() => Tool.RunAsync(PasteurProcess.ProgramPath, ["erase", "--data", _folder["one"], id, ending]);
    }

    [Fact]
    public async Task Pushes_wait_for_whoever_erases_but_not_for_ever_and_delete_what_a_killed_server_left()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await StartAsync(daemon, "one");
        await PasteAsync(one, "before");
        await UntilAsync(() => Task.FromResult(daemon.Git(Repository, "rev-list", "--count", "main") == "2"), "the push");
        daemon.Git(Repository, "update-ref", "refs/heads/erasing/killed", "main");
        await PasteAsync(one, "makes way");
        await Task.Delay(TimeSpan.FromSeconds(3), Cancel);
        Assert.Equal("2", daemon.Git(Repository, "rev-list", "--count", "main"));

        await UntilAsync(() => Task.FromResult(daemon.Git(Repository, "rev-list", "--count", "main") == "3"), "the next push", most: 1000);
        await UntilAsync(() => Task.FromResult(daemon.Git(Repository, "for-each-ref", "refs/heads/erasing") == ""), "its end");
    }

    [Fact]
    public async Task Other_branches_and_tags_of_the_remote_that_hold_it_or_may_are_named()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await StartAsync(daemon, "one");
        await PasteAsync(one, "before");
        await UntilAsync(() => Task.FromResult(daemon.Git(Repository, "rev-list", "--count", "main") == "2"), "the push");
        daemon.Git(Repository, "branch", "clean", "main");
        var (id, _) = await PasteAsync(one, Canary);
        await UntilAsync(() => Task.FromResult(daemon.Git(Repository, "rev-list", "--count", "main") == "3"), "the push");
        daemon.Git(Repository, "branch", "backup", "main");
        daemon.Git(Repository, "tag", "v1", "main");
        daemon.PushForeign(Repository, "a.txt", "foreign", "feature");

        var said = await EraseAsync("one", 0, id);

        Assert.Contains("still held there by, which this server does not follow: refs/heads/backup, refs/tags/v1\n", said, StringComparison.Ordinal);
        Assert.Contains("perhaps held there by, which this server does not know: refs/heads/feature\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("refs/heads/clean", said, StringComparison.Ordinal);
        Assert.Contains("Delete those on the remote", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_and_a_tag_that_somebody_makes_while_the_remote_takes_the_erasure_are_named()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await StartAsync(daemon, "one");
        var (id, _) = await PasteAsync(one, Canary);
        await UntilAsync(() => Task.FromResult(IsOnRemote(daemon, id)), "the push");
        // Between what the server has seen of the remote and what it asks of it.
        daemon.AddHook(Repository, "update", "if [ $1 = refs/heads/main ]; then mkdir -p refs/tags; echo $2 > refs/tags/by-hand; echo $2 > refs/heads/by-hand; fi");

        var said = await EraseAsync("one", 0, id);

        Assert.Contains("still held there by, which this server does not follow: refs/heads/by-hand, refs/tags/by-hand\n", said, StringComparison.Ordinal);
        // Also where nobody waits for the answer, as with --forget-deleted.
        Assert.Contains(one.Errors, line => line.Contains("still hold what was erased: refs/heads/by-hand, refs/tags/by-hand", StringComparison.Ordinal));
        daemon.Git(Repository, "update-ref", "-d", "refs/heads/by-hand");
        daemon.Git(Repository, "update-ref", "-d", "refs/tags/by-hand");
        AssertGone(daemon.Path(Repository), id);
    }

    [Fact]
    public async Task Where_deletions_are_forgotten_one_that_ends_and_is_deleted_before_goes_from_its_branch_and_its_history()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await StartAsync(daemon, "one", "replay", "--forget-deleted");
        await using var two = await StartAsync(daemon, "two");
        var (neighbour, _) = await PasteAsync(one, "neighbour", "1d");
        var (id, token) = await PasteAsync(one, Canary, "1d");
        await UntilAsync(async () => await StatusAsync(two, id) == 200, "the paste on the other server");

        using var request = new HttpRequestMessage(HttpMethod.Delete, id);
        request.Headers.Add("X-Token", token);
        Assert.Contains("made again without it", await (await one.Http.SendAsync(request, Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(404, await StatusAsync(one, id));

        foreach (var path in (string[])[daemon.Path(Repository), _folder["one/pastes.git"], _folder["two/pastes.git"]])
        {
            await UntilAsync(() => Task.FromResult(!StockGit.Run(path, "rev-list", "--objects", "--all").Contains(id, StringComparison.Ordinal)), $"its end in {path}", 1600);
            AssertGone(path, id);
        }
        foreach (var site in (PasteurProcess[])[one, two])
        {
            Assert.Equal(404, await StatusAsync(site, id));
            Assert.Equal(200, await StatusAsync(site, neighbour));
        }
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task What_there_never_was_is_told_in_a_line_and_changes_nothing()
    {
        await using (var one = await PasteurProcess.ServeAsync("--data", _folder["one"]))
        {
            var (id, token) = await PasteAsync(one, Canary);
            Assert.Equal("pasteur: there is no paste zzzzzzzzzz, and there never was one in what is here; nothing was erased\n", await EraseAsync("one", 66, id, "zzzzzzzzzz"));
            Assert.Contains("is no id of a paste", await EraseAsync("one", 66, "../x"), StringComparison.Ordinal);
            Assert.Equal(200, await StatusAsync(one, id));
            // One that its owner has deleted is in the history yet.
            using var request = new HttpRequestMessage(HttpMethod.Delete, id);
            request.Headers.Add("X-Token", token);
            Assert.Contains("history keeps it", await (await one.Http.SendAsync(request, Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            Assert.Contains("erased from all history", await EraseAsync("one", 0, id), StringComparison.Ordinal);
            Assert.Equal(0, await one.StopAsync());
            AssertGone(_folder["one/pastes.git"], id);
        }
        string again;
        await using (var one = await PasteurProcess.ServeAsync("--data", _folder["one"]))
        {
            again = (await PasteAsync(one, Canary)).Id;
            Assert.Equal(0, await one.StopAsync());
        }
        Assert.Contains("erased from all history", await EraseAsync("one", 0, again), StringComparison.Ordinal);
        AssertGone(_folder["one/pastes.git"], again);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(80)]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(600)]
    public async Task Killed_at_any_moment_it_is_either_old_or_new_on_both_sides(int milliseconds)
    {
        await using var daemon = await StartDaemonAsync();
        var pastes = new List<string>();
        string id;
        await using (var one = await StartAsync(daemon, "one"))
        {
            (id, _) = await PasteAsync(one, Canary);
            for (var n = 0; n < 300; n += 10) pastes.AddRange((await Task.WhenAll(Enumerable.Range(n, 10).Select(k => PasteAsync(one, $"paste {k}")))).Select(paste => paste.Id));
            await UntilAsync(async () => (await one.Http.GetStringAsync("healthz", Cancel)).Contains("\"backlog\": 0", StringComparison.Ordinal), "no backlog");
            var erasing = Tool.RunAsync(PasteurProcess.ProgramPath, ["erase", "--data", _folder["one"], id]);
            await Task.Delay(milliseconds, Cancel);
            await one.StopAsync(Sigkill);
            await erasing;
        }
        await using var again = await StartAsync(daemon, "one");
        // A push that was on its way may land yet.
        await UntilAsync(async () => IsOnRemote(daemon, id) == (await StatusAsync(again, id) == 200), "the same state on both sides");
        await Task.Delay(2000, Cancel);
        var isThere = IsOnRemote(daemon, id);
        Assert.Equal(isThere ? 200 : 404, await StatusAsync(again, id));
        foreach (var paste in pastes) Assert.Equal(200, await StatusAsync(again, paste));
        if (isThere) await EraseAsync("one", 0, id);
        Assert.Equal(0, await again.StopAsync());
        AssertGone(daemon.Path(Repository), id);
        AssertGone(_folder["one/pastes.git"], id);
        Assert.Equal(daemon.Git(Repository, "rev-parse", "main"), StockGit.Run(_folder["one/pastes.git"], "rev-parse", "main"));
        daemon.AssertSound(Repository);
    }

    private static void AssertGone(string path, string id)
    {
        Assert.DoesNotContain(id, StockGit.Run(path, "rev-list", "--objects", "--all"), StringComparison.Ordinal);
        Assert.DoesNotContain(id, StockGit.Run(path, "log", "--all", "--format=%B"), StringComparison.Ordinal);
        foreach (var line in StockGit.Run(path, "rev-list", "--objects", "--all").Split('\n').Where(line => line.EndsWith("/paste.txt", StringComparison.Ordinal)))
            Assert.DoesNotContain(Canary, StockGit.Run(path, "cat-file", "blob", line.Split(' ')[0]), StringComparison.Ordinal);
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
    }

    private static bool IsOnRemote(GitDaemon daemon, string id) => daemon.Git(Repository, "log", "--oneline", "main", "--", FolderOf(id)).Length > 0;

    private static string FolderOf(string id) => $"{id[0]}/{id[1]}/{id[2]}/{id}";

    private static async Task<GitDaemon> StartDaemonAsync()
    {
        var daemon = await GitDaemon.StartAsync();
        daemon.MakeSeedling(Repository);
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "false");
        return daemon;
    }

    private Task<PasteurProcess> StartAsync(GitDaemon daemon, string name, string onRewind = "replay", params string[] options) =>
        PasteurProcess.ServeAsync(["--data", _folder[name], "--remote", daemon.Url(Repository), "--pull-every", "1s", "--on-rewind", onRewind, .. options]);

    private async Task<string> EraseAsync(string name, int exitCode, params string[] ids)
    {
        var result = await Tool.RunAsync(PasteurProcess.ProgramPath, ["erase", "--data", _folder[name], .. ids]);
        Assert.True(result.ExitCode == exitCode, $"{result.ExitCode} {result.Text} {result.Errors}");
        return result.Text + result.Errors;
    }

    private static async Task<int> StatusAsync(PasteurProcess site, string id) => (int)(await site.GetAsync(id)).StatusCode;

    private static async Task<(string Id, string Token)> PasteAsync(PasteurProcess site, string text, string? expires = null)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "paste", "paste.txt" } };
        if (expires is not null) form.Add(new StringContent(expires), "expires");
        var answer = await site.Http.PostAsync("", form, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return ((await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1], answer.Headers.GetValues("X-Token").Single());
    }

    private static async Task EditAsync(PasteurProcess site, string id, string token, string text)
    {
        using var body = new FormUrlEncodedContent([new("token", token), new("paste", text)]);
        using var answer = await site.Http.PostAsync($"edit/{id}", body, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, int most = 400)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < most, $"{what} did not come about");
            await Task.Delay(50, Cancel);
        }
    }
}
