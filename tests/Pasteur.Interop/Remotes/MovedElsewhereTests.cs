using System.Net;
using System.Net.Http;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Two servers of one remote: one gives a paste another end, and the other, which has not heard of it, deletes or edits it where it was.</summary>
public sealed class MovedElsewhereTests : IDisposable
{
    private const string Repository = "r.git";
    private const string Canary = "canary-5d1e-moved-elsewhere";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("never", "1h", true, "local")]
    [InlineData("never", "1h", true, "remote")]
    [InlineData("never", "1h", false, "local")]
    [InlineData("never", "1h", false, "remote")]
    [InlineData("1h", "never", true, "local")]
    [InlineData("1h", "never", true, "remote")]
    [InlineData("1h", "never", false, "local")]
    [InlineData("1h", "never", false, "remote")]
    [InlineData("1h", "3d", true, "remote")]
    [InlineData("3d", "1h", false, "local")]
    public async Task A_deletion_where_it_was_reaches_it_where_it_is_in_either_order(string before, string then, bool isMovedFirst, string ack)
    {
        await using var daemon = await StartDaemonAsync();
        var (one, two, id, token) = await StartTwoAsync(daemon, before, ack);
        await using (one)
        await using (two)
        {
            if (isMovedFirst) await MoveAsync(daemon, one, id, token, then);
            Assert.Equal(HttpStatusCode.OK, await DeleteAsync(two, id, token));
            if (!isMovedFirst)
            {
                await UntilAsync(() => Task.FromResult(Marks(daemon).Length > 0), "the mark");
                // It may be told that it is gone by then.
                await ChangeAsync(one, id, token, ("expires", then));
                await UntilIdleAsync(one);
            }
            else if (ack == "remote")
            {
                Assert.Equal(404, await StatusAsync(two, id));
            }
            await UntilIdleAsync(two);
        }
        await using var again = await StartAsync(daemon, "one", ack, "1s");
        await using var other = await StartAsync(daemon, "two", ack, "1s");
        await UntilAsync(() => Task.FromResult(Places(daemon, id) is []), $"its end on the remote ({string.Join(' ', Places(daemon, id))})", 700);
        await UntilAsync(async () => await StatusAsync(again, id) == 404 && await StatusAsync(other, id) == 404, "its end on both");
        Assert.DoesNotContain(Canary, AllText(daemon), StringComparison.Ordinal);
        Assert.NotEmpty(Marks(daemon));
        Assert.DoesNotContain(Marks(daemon), mark => mark.Contains(id, StringComparison.Ordinal));
        daemon.AssertSound(Repository);
    }

    [Theory]
    [InlineData("never", "1h")]
    [InlineData("1h", "never")]
    public async Task With_ack_remote_an_edit_where_it_was_is_told_that_it_has_moved_and_one_that_follows_nothing_goes_there(string before, string then)
    {
        await using var daemon = await StartDaemonAsync();
        var (one, two, id, token) = await StartTwoAsync(daemon, before, "remote");
        await using (one)
        await using (two)
        {
            var tag = (await two.GetAsync(id)).Headers.ETag!.Tag.Trim('"');
            await MoveAsync(daemon, one, id, token, then);

            var (status, words) = await ChangeAsync(two, id, token, ("paste", "too late"), ("base", await BaseAsync(two, id) ?? tag));
            Assert.True(status == HttpStatusCode.Conflict, $"{status} {words}");
            Assert.Equal(Canary, await two.Http.GetStringAsync("raw/" + id, Cancel));
        }
        await using var three = await StartAsync(daemon, "three", "remote", "1h");
        await using var four = await StartAsync(daemon, "four", "remote", "1h");
        Assert.Equal(Canary, await four.Http.GetStringAsync("raw/" + id, Cancel));
        await MoveAsync(daemon, three, id, token, "5d");
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(four, id, token, ("paste", "in time"))).Status);
        await using var last = await StartAsync(daemon, "last", "remote", "1h");
        Assert.Equal("in time", await last.Http.GetStringAsync("raw/" + id, Cancel));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task With_ack_remote_an_edit_that_was_answered_moves_too_when_whoever_moves_it_has_not_heard_of_it()
    {
        await using var daemon = await StartDaemonAsync();
        var (one, two, id, token) = await StartTwoAsync(daemon, "never", "remote");
        await using (one)
        await using (two)
        {
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(two, id, token, ("paste", "answered"))).Status);
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(one, id, token, ("expires", "1h"))).Status);
            await UntilAsync(() => Task.FromResult(Places(daemon, id) is [var place] && place != "main"), "its only place");
            Assert.Equal("answered", await one.Http.GetStringAsync("raw/" + id, Cancel));
            Assert.Equal(Canary, await one.Http.GetStringAsync($"raw/{id}@1", Cancel));
        }
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task With_ack_local_an_edit_that_a_move_takes_away_is_named_in_the_log()
    {
        await using var daemon = await StartDaemonAsync();
        var (one, two, id, token) = await StartTwoAsync(daemon, "never", "local");
        await using (one)
        await using (two)
        {
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(two, id, token, ("paste", "answered"))).Status);
            await UntilIdleAsync(two);
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(one, id, token, ("expires", "1h"))).Status);
            await UntilAsync(() => Task.FromResult(one.Errors.Any(line => line.Contains(id, StringComparison.Ordinal) && line.Contains("what either has deleted is gone", StringComparison.Ordinal))), "the line");
            await UntilAsync(() => Task.FromResult(Places(daemon, id) is [var place] && place != "main"), "its only place");
        }
        // It is in the history.
        Assert.Contains("answered", daemon.Git(Repository, "log", "-p", "main"), StringComparison.Ordinal);
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Where_somebody_has_a_file_of_the_marks_name_nothing_fails_and_the_file_stays()
    {
        await using var daemon = await StartDaemonAsync();
        var clone = _folder["clone"];
        StockGit.Run(_folder.Path, "clone", "-q", daemon.Path(Repository), clone);
        await File.WriteAllTextAsync(Path.Combine(clone, "deleted"), "mine", Cancel);
        StockGit.Run(clone, "add", "deleted");
        StockGit.Run(clone, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "mine");
        StockGit.Run(clone, "push", "-q", "origin", "HEAD:main");
        var (one, two, id, token) = await StartTwoAsync(daemon, "never", "remote");
        await using (one)
        await using (two)
        {
            await MoveAsync(daemon, one, id, token, "1h");
            Assert.Equal(HttpStatusCode.OK, await DeleteAsync(two, id, token));
            var (its, key) = await PasteAsync(one, "another", "never");
            Assert.Equal(HttpStatusCode.OK, await DeleteAsync(one, its, key));
        }
        Assert.Equal("mine", daemon.Git(Repository, "show", "main:deleted"));
        daemon.AssertSound(Repository);
    }

    private async Task<(PasteurProcess One, PasteurProcess Two, string Id, string Token)> StartTwoAsync(GitDaemon daemon, string expires, string ack)
    {
        // Each hears of the other when it pushes, or at its start.
        var one = await StartAsync(daemon, "one", ack, "1h");
        var (id, token) = await PasteAsync(one, Canary, expires);
        await UntilAsync(() => Task.FromResult(Places(daemon, id).Length == 1), "the paste on the remote");
        var two = await StartAsync(daemon, "two", ack, "1h");
        await UntilAsync(async () => await StatusAsync(two, id) == 200, "the paste on the other server");
        // Whoever asked for it may have been answered before the start's own fetch, which must not be the one that tells of what comes next.
        await UntilAsync(() => Task.FromResult(two.Errors.Any(line => line.Contains("the remote is ", StringComparison.Ordinal))), "the sync of the other server");
        await Task.Delay(1000, Cancel);
        return (one, two, id, token);
    }

    private static async Task MoveAsync(GitDaemon daemon, PasteurProcess site, string id, string token, string expires)
    {
        var before = Places(daemon, id).Single();
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(site, id, token, ("expires", expires))).Status);
        await UntilAsync(() => Task.FromResult(Places(daemon, id) is [var place] && place != before), "its new place alone");
    }

    private static async Task<string?> BaseAsync(PasteurProcess site, string id)
    {
        var json = await site.Http.GetStringAsync($"api/v1/pastes/{id}?content=false", Cancel);
        using var view = System.Text.Json.JsonDocument.Parse(json);
        return view.RootElement.TryGetProperty("tag", out var tag) ? tag.GetString() : null;
    }

    private static string[] Branches(GitDaemon daemon) => daemon.Git(Repository, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(branch => !branch.StartsWith("until/check/", StringComparison.Ordinal)).ToArray();

    private static string[] Places(GitDaemon daemon, string id) => [.. Branches(daemon).Where(branch => daemon.Git(Repository, "ls-tree", branch, $"{id[0]}/{id[1]}/{id[2]}/{id}").Length > 0)];

    private static string[] Marks(GitDaemon daemon) => [.. Branches(daemon).SelectMany(branch => daemon.Git(Repository, "ls-tree", "-r", "--name-only", branch, "deleted/").Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    private static string AllText(GitDaemon daemon) => string.Concat(Branches(daemon).SelectMany(branch => daemon.Git(Repository, "ls-tree", "-r", branch).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => daemon.Git(Repository, "cat-file", "-p", line.Split('\t')[0].Split(' ')[2])));

    private static async Task<GitDaemon> StartDaemonAsync()
    {
        var daemon = await GitDaemon.StartAsync();
        daemon.MakeSeedling(Repository);
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "true");
        return daemon;
    }

    private Task<PasteurProcess> StartAsync(GitDaemon daemon, string name, string ack, string pullEvery) =>
        PasteurProcess.ServeAsync("--data", _folder[name], "--remote", daemon.Url(Repository), "--ack", ack, "--pull-every", pullEvery);

    private static async Task<(HttpStatusCode Status, string Line)> ChangeAsync(PasteurProcess site, string id, string token, params (string Name, string Value)[] fields)
    {
        using var body = new FormUrlEncodedContent([new("token", token), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]);
        using var answer = await site.Http.PostAsync(fields[0].Name == "paste" ? $"edit/{id}" : id, body, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<HttpStatusCode> DeleteAsync(PasteurProcess site, string id, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, id);
        request.Headers.Add("X-Token", token);
        using var answer = await site.Http.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    private static async Task<int> StatusAsync(PasteurProcess site, string id) => (int)(await site.GetAsync(id)).StatusCode;

    private static async Task<(string Id, string Token)> PasteAsync(PasteurProcess site, string text, string expires)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "paste", "paste.txt" }, { new StringContent(expires), "expires" } };
        var answer = await site.Http.PostAsync("", form, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return ((await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1], answer.Headers.GetValues("X-Token").Single());
    }

    private static Task UntilIdleAsync(PasteurProcess site) =>
        UntilAsync(async () => (await site.Http.GetStringAsync("healthz", Cancel)).Contains("\"backlog\": 0", StringComparison.Ordinal), "no backlog");

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, int most = 400)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < most, $"{what} did not come about");
            await Task.Delay(50, Cancel);
        }
    }
}
