using System.Net;
using System.Net.Http;
using System.Text.Json;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>kill -9 between the two steps of a paste's way to another branch: a hook of the remote does it while the first is pushed, which the second waits for.</summary>
public sealed class MoveKillTests : IDisposable
{
    private const string Repository = "r.git";
    private const string Canary = "canary-90c4-between-two-steps";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1d", "2h", "until", "update")]
    [InlineData("never", "2h", "main", "update")]
    [InlineData("never", "2h", "main", "post-receive")]
    [InlineData("never", "2h", "until", "update")]
    [InlineData("never", "2h", "until", "post-receive")]
    [InlineData("1d", "never", "main", "update")]
    [InlineData("1d", "never", "main", "post-receive")]
    [InlineData("1d", "never", "until", "post-receive")]
    public async Task Killed_between_the_steps_it_is_found_once_with_its_new_end_and_deleted_everywhere(string before, string then, string branch, string hook)
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.MakeSeedling(Repository);
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "true");
        var (victim, armed) = (_folder["victim"], _folder["armed"]);
        var act = $"case $ref in refs/heads/until/check/*) ;; refs/heads/{branch}*) if rm {armed} 2>/dev/null; then kill -9 $(cat {victim}); fi;; esac";
        daemon.AddHook(Repository, hook, hook == "update" ? $"ref=$1\n{act}\nexit 0" : $"while read -r old new ref; do {act}; done");
        string id, token;
        await using (var site = await ServeAsync(daemon))
        {
            (id, token) = await PasteAsync(site, before);
            await File.WriteAllTextAsync(victim, $"{site.Id}", Cancel);
            await File.WriteAllTextAsync(armed, "", Cancel);
            await Assert.ThrowsAnyAsync<Exception>(() => EndAsync(site, id, token, then));
            await site.WaitForExitAsync();
        }
        Assert.False(File.Exists(armed), "the step was never reached");
        var data = _folder["data/pastes.git"];
        StockGit.Run(data, "fsck", "--strict", "--no-dangling");

        await using var again = await ServeAsync(daemon);
        // The second step was not made.
        Assert.Equal(Canary, await again.Http.GetStringAsync("raw/" + id, Cancel));
        Assert.Equal(then == "never", await EndOfAsync(again, id) is not { } end);
        await UntilAsync(() => Task.FromResult(Places(daemon, id).Length == 2), "both places");
        Assert.Equal(then == "never", await EndOfAsync(again, id) is null);
        // As another server finds it.
        await using (var other = await PasteurProcess.ServeAsync("--data", _folder["other"], "--remote", daemon.Url(Repository)))
        {
            await UntilAsync(async () => (await other.GetAsync(id)).StatusCode == HttpStatusCode.OK, "the paste on another server");
            Assert.Equal(then == "never", await EndOfAsync(other, id) is null);
        }
        if (hook == "update")
        {
            Assert.Equal(HttpStatusCode.OK, await EndAsync(again, id, token, then));
            await UntilAsync(() => Task.FromResult(Places(daemon, id) is [var place] && place == "main" == (then == "never")), "its only place");
        }
        using var request = new HttpRequestMessage(HttpMethod.Delete, id);
        request.Headers.Add("X-Token", token);
        Assert.Equal(HttpStatusCode.OK, (await again.Http.SendAsync(request, Cancel)).StatusCode);
        await UntilAsync(() => Task.FromResult(Places(daemon, id) is []), "its end everywhere");
        Assert.Equal(HttpStatusCode.NotFound, (await again.GetAsync(id)).StatusCode);
        daemon.AssertSound(Repository);
    }

    private Task<PasteurProcess> ServeAsync(GitDaemon daemon) =>
        PasteurProcess.ServeAsync("--data", _folder["data"], "--remote", daemon.Url(Repository), "--ack", "remote", "--pull-every", "1s");

    private static string[] Places(GitDaemon daemon, string id) =>
        [.. daemon.Git(Repository, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(branch => !branch.StartsWith("until/check/", StringComparison.Ordinal) && daemon.Git(Repository, "ls-tree", branch, $"{id[0]}/{id[1]}/{id[2]}/{id}").Length > 0)];

    private static async Task<HttpStatusCode> EndAsync(PasteurProcess site, string id, string token, string expires)
    {
        using var body = new FormUrlEncodedContent([new("token", token), new("expires", expires)]);
        using var answer = await site.Http.PostAsync(id, body, Cancel);
        return answer.StatusCode;
    }

    private static async Task<DateTimeOffset?> EndOfAsync(PasteurProcess site, string id)
    {
        using var view = JsonDocument.Parse(await site.Http.GetStringAsync($"api/v1/pastes/{id}?content=false", Cancel));
        var end = view.RootElement.GetProperty("expires") is { ValueKind: JsonValueKind.String } text ? text.GetDateTimeOffset() : (DateTimeOffset?)null;
        Assert.True(end is null || end < DateTimeOffset.UtcNow + TimeSpan.FromHours(3), $"{end}");
        return end;
    }

    private static async Task<(string Id, string Token)> PasteAsync(PasteurProcess site, string expires)
    {
        using var form = new MultipartFormDataContent { { new StringContent(Canary), "paste", "paste.txt" }, { new StringContent(expires), "expires" } };
        var answer = await site.Http.PostAsync("", form, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return ((await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1], answer.Headers.GetValues("X-Token").Single());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 400, $"{what} did not come about");
            await Task.Delay(50, Cancel);
        }
    }
}
