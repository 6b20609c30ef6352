using System.Net;
using System.Net.Http;
using System.Text.Json;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Owners change when their pastes end: the real program, several servers, a real git daemon that takes nothing by force, and kills.</summary>
public sealed class NewEndTests : IDisposable
{
    private const string Repository = "r.git";
    private const int Sigkill = 9;
    private const string Canary = "canary-82b7-moves";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Given_an_end_on_one_server_and_made_to_stay_on_another_both_know_and_nothing_is_forced()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await StartAsync(daemon, "one");
        await using var two = await StartAsync(daemon, "two");
        var (id, token) = await PasteAsync(one, Canary);
        await UntilAsync(async () => await StatusAsync(two, id) == 200, "the paste on the other server");

        Assert.Equal(HttpStatusCode.OK, (await EndAsync(two, id, token, "1h")).Status);
        await UntilAsync(async () => await EndOfAsync(one, id) is not null && await EndOfAsync(two, id) is not null, "the end on both");
        await UntilAsync(() => Task.FromResult(Places(daemon, id) is [var place] && place.StartsWith("until/", StringComparison.Ordinal)), "its place");
        Assert.Equal(Canary, await one.Http.GetStringAsync("raw/" + id, Cancel));
        // What was there stays in the history.
        Assert.Contains(id, daemon.Git(Repository, "log", "--name-only", "main"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await EndAsync(one, id, token, "3d")).Status);
        Assert.Equal(HttpStatusCode.OK, (await EndAsync(one, id, token, "never")).Status);
        await UntilAsync(async () => await EndOfAsync(one, id) is null && await EndOfAsync(two, id) is null, "no end on both");
        await UntilAsync(() => Task.FromResult(Places(daemon, id) is ["main"]), "its place");
        foreach (var site in (PasteurProcess[])[one, two])
        {
            Assert.Equal(Canary, await site.Http.GetStringAsync("raw/" + id, Cancel));
            await UntilAsync(async () => (await site.Http.GetStringAsync("healthz", Cancel)).Contains("\"backlog\": 0", StringComparison.Ordinal), "no backlog");
        }
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task With_ack_remote_it_is_answered_when_the_remote_has_the_new_place_and_undecided_while_it_is_away()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await PasteurProcess.ServeAsync("--no-data", "--remote", daemon.Url(Repository), "--pull-every", "1s");
        var (id, token) = await PasteAsync(one, Canary);

        Assert.Equal(HttpStatusCode.OK, (await EndAsync(one, id, token, "1h")).Status);
        Assert.Single(Places(daemon, id), place => place.StartsWith("until/", StringComparison.Ordinal));
        await UntilAsync(() => Task.FromResult(Places(daemon, id).Length == 1), "its only place");

        await daemon.StopAsync();
        var (status, line) = await EndAsync(one, id, token, "never");
        Assert.True(status == HttpStatusCode.GatewayTimeout, $"{status} {line}");
        await daemon.StartAsync();
        await UntilAsync(() => Task.FromResult(Places(daemon, id).Contains("main")), "its new place");
        // Asked once more, it is told, and the old place is left.
        Assert.Equal(HttpStatusCode.OK, (await EndAsync(one, id, token, "never")).Status);
        await UntilAsync(() => Task.FromResult(Places(daemon, id) is ["main"]), "its only place");
        Assert.Null(await EndOfAsync(one, id));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Where_the_remote_refuses_or_gets_none_that_end()
    {
        await using var daemon = await StartDaemonAsync();
        await using (var local = await StartAsync(daemon, "local", "--expiry-on", "local"))
        {
            var (id, token) = await PasteAsync(local, Canary);
            await UntilAsync(() => Task.FromResult(Places(daemon, id) is ["main"]), "the push");
            Assert.Equal(HttpStatusCode.OK, (await EndAsync(local, id, token, "1h")).Status);
            await UntilAsync(() => Task.FromResult(Places(daemon, id) is []), "its leave");
            Assert.Equal(Canary, await local.Http.GetStringAsync("raw/" + id, Cancel));
            Assert.Equal(HttpStatusCode.OK, (await EndAsync(local, id, token, "never")).Status);
            await UntilAsync(() => Task.FromResult(Places(daemon, id) is ["main"]), "its return");
        }
        daemon.AddHook(Repository, "update", "case $1 in refs/heads/until/*) echo 'only main here' >&2; exit 1;; esac");
        await using var one = await StartAsync(daemon, "one");
        await UntilAsync(async () => (await one.Http.GetStringAsync("healthz", Cancel)).Contains("only main here", StringComparison.Ordinal), "the refusal");
        var (stays, its) = await PasteAsync(one, "stays");
        var (status, line) = await EndAsync(one, stays, its, "1h");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("only main here", line, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", line, StringComparison.Ordinal);
        Assert.Null(await EndOfAsync(one, stays));
    }

    [Fact]
    public async Task Killed_at_any_moment_it_is_shown_with_an_end_that_was_asked_for_and_asked_again_is_in_one_place()
    {
        await using var daemon = await StartDaemonAsync();
        string id, token;
        await using (var first = await StartAsync(daemon, "one")) (id, token) = await PasteAsync(first, Canary);
        for (var kill = 0; kill < 10; kill++)
        {
            await using (var site = await StartAsync(daemon, "one"))
            {
                var asking = Task.Run(() => AskUntilKilledAsync(site, id, token), Cancel);
                await Task.Delay(Random.Shared.Next(20, 400), Cancel);
                await site.StopAsync(Sigkill);
                await asking;
            }
            StockGit.Run(_folder["one/pastes.git"], "fsck", "--strict", "--no-dangling");
            await using var again = await StartAsync(daemon, "one");
            Assert.Equal(Canary, await again.Http.GetStringAsync("raw/" + id, Cancel));
            Assert.Equal(HttpStatusCode.OK, (await EndAsync(again, id, token, kill % 2 == 0 ? "never" : "1h")).Status);
            await UntilAsync(() => Task.FromResult(Places(daemon, id) is [var place] && place == "main" == (kill % 2 == 0)), "its only place");
            Assert.Equal(0, await again.StopAsync());
            var here = PlacesOf(StockGit.Run(_folder["one/pastes.git"], "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"), branch => StockGit.Run(_folder["one/pastes.git"], "ls-tree", branch, FolderOf(id)));
            Assert.Single(here);
        }
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task With_forget_deleted_nothing_is_rewritten_before_it_has_ended_and_all_of_it_is_then()
    {
        await using var daemon = await StartDaemonAsync();
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "false");
        await using var one = await StartAsync(daemon, "one", "--forget-deleted");
        var (id, token) = await PasteAsync(one, Canary);
        var (stays, _) = await PasteAsync(one, "stays");
        Assert.Equal(HttpStatusCode.OK, (await EndAsync(one, id, token, "1h")).Status);
        await UntilAsync(() => Task.FromResult(Places(daemon, id).Length == 1), "its place");
        // Deleted before that, it goes from the history that lasts longer too.
        using var request = new HttpRequestMessage(HttpMethod.Delete, id);
        request.Headers.Add("X-Token", token);
        Assert.Contains("made again without it", await (await one.Http.SendAsync(request, Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await UntilAsync(() => Task.FromResult(!daemon.Git(Repository, "log", "--all", "--name-only").Contains(id, StringComparison.Ordinal)), "the end of its history", 1200);
        Assert.Equal(200, await StatusAsync(one, stays));
        daemon.AssertSound(Repository);
    }

    private static async Task AskUntilKilledAsync(PasteurProcess site, string id, string token)
    {
        try
        {
            for (var n = 0; ; n++) await EndAsync(site, id, token, (n % 4) switch { 0 => "1h", 1 => "never", 2 => "3d", _ => "5h" });
        }
        catch (HttpRequestException)
        {
            // It was killed.
        }
    }

    private static string[] Places(GitDaemon daemon, string id) =>
        PlacesOf(daemon.Git(Repository, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"), branch => daemon.Git(Repository, "ls-tree", branch, FolderOf(id)));

    private static string[] PlacesOf(string branches, Func<string, string> list) => [.. branches.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(branch => !branch.StartsWith("until/check/", StringComparison.Ordinal) && list(branch).Length > 0)];

    private static string FolderOf(string id) => $"{id[0]}/{id[1]}/{id[2]}/{id}";

    private static async Task<GitDaemon> StartDaemonAsync()
    {
        var daemon = await GitDaemon.StartAsync();
        daemon.MakeSeedling(Repository);
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "true");
        return daemon;
    }

    private Task<PasteurProcess> StartAsync(GitDaemon daemon, string name, params string[] options) =>
        PasteurProcess.ServeAsync(["--data", _folder[name], "--remote", daemon.Url(Repository), "--pull-every", "1s", .. options]);

    private static async Task<(HttpStatusCode Status, string Line)> EndAsync(PasteurProcess site, string id, string token, string expires)
    {
        using var body = new FormUrlEncodedContent([new("token", token), new("expires", expires)]);
        using var answer = await site.Http.PostAsync(id, body, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<DateTimeOffset?> EndOfAsync(PasteurProcess site, string id)
    {
        using var view = JsonDocument.Parse(await site.Http.GetStringAsync($"api/v1/pastes/{id}?content=false", Cancel));
        return view.RootElement.GetProperty("expires") is { ValueKind: JsonValueKind.String } end ? end.GetDateTimeOffset() : null;
    }

    private static async Task<int> StatusAsync(PasteurProcess site, string id) => (int)(await site.GetAsync(id)).StatusCode;

    private static async Task<(string Id, string Token)> PasteAsync(PasteurProcess site, string text)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "paste", "paste.txt" } };
        var answer = await site.Http.PostAsync("", form, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return ((await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1], answer.Headers.GetValues("X-Token").Single());
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
