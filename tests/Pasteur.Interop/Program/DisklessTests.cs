using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary>The program without a disk before a large remote that filters: it has a part of the branch, and whoever asks never hears that a paste is not there when it can't be told.</summary>
public sealed class DisklessTests
{
    private const string Repository = "r.git";
    private const int Pastes = 20_000;
    private const int Kill = 9;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_started_again_and_cut_off_it_says_of_no_paste_that_it_is_not_there()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.MakeEmpty(Repository);
        daemon.Git(Repository, "config", "uploadpack.allowFilter", "true");
        LargeRemote.Fill(daemon.Path(Repository), Pastes);
        string[] options = ["--no-data", "--remote", daemon.Url(Repository), "--pull-every", "1s"];
        string kept, ending, token;
        await using (var site = await PasteurProcess.ServeAsync(options))
        {
            await UntilAsync(site, PasteCommit.Id(0), HttpStatusCode.OK);
            Assert.Contains(site.Errors, line => line.Contains("what is asked for is fetched then", StringComparison.Ordinal));
            for (var n = 1; n < 20; n++) Assert.Equal(PasteCommit.Text(n * 997), await site.Http.GetStringAsync($"raw/{PasteCommit.Id(n * 997)}", Cancel));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(site, "zzzzzzzzzz"));
            (kept, _) = await PasteAsync(site, "kept by the remote", "never");
            (ending, token) = await PasteAsync(site, "moves to the branch", "1h");
            site.Signal(Kill);
            await site.WaitForExitAsync();
        }
        await daemon.StopAsync();
        await using (var site = await PasteurProcess.ServeAsync(options))
        {
            foreach (var id in new[] { PasteCommit.Id(0), kept, ending, "zzzzzzzzzz" }) await AssertNotNowAsync(site, id);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.GetAsync("readyz")).StatusCode);
            await daemon.StartAsync();
            await UntilAsync(site, kept, HttpStatusCode.OK);
            Assert.Equal("kept by the remote", await site.Http.GetStringAsync($"raw/{kept}", Cancel));
            Assert.Equal("moves to the branch", await site.Http.GetStringAsync($"raw/{ending}", Cancel));
            // It belongs on the branch now, of which nothing is here on the way to it.
            using var body = new FormUrlEncodedContent([new("token", token), new("expires", "never")]);
            Assert.Equal(HttpStatusCode.OK, (await site.Http.PostAsync(ending, body, Cancel)).StatusCode);
            Assert.Contains($"/{ending}/", daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main"), StringComparison.Ordinal);
            Assert.Equal("moves to the branch", await site.Http.GetStringAsync($"raw/{ending}", Cancel));

            await daemon.StopAsync();
            foreach (var id in new[] { kept, ending }) Assert.Equal(HttpStatusCode.OK, await StatusAsync(site, id));
            var far = await FarAsync(site);
            var unknown = far[..3] + "yyyyyyy";
            foreach (var id in new[] { far, unknown }) await AssertNotNowAsync(site, id);
            await daemon.StartAsync();
            await UntilAsync(site, far, HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(site, unknown));
            Assert.Equal(0, await site.StopAsync());
        }
        daemon.AssertSound(Repository);
    }

    /// <summary>Of the branch it has a part alone: marks of deletions and branches whose time has come are none of what it can do without.</summary>
    [Fact]
    public async Task What_another_server_has_moved_is_deleted_and_what_has_ended_is_taken_off_the_remote()
    {
        const string ended = "until/2020-01-01T05Z/elsewhere";
        using var folder = new TemporaryFolder();
        await using var daemon = await GitDaemon.StartAsync();
        daemon.MakeEmpty(Repository);
        daemon.Git(Repository, "config", "uploadpack.allowFilter", "true");
        LargeRemote.Fill(daemon.Path(Repository), Pastes);
        string[] remote = ["--remote", daemon.Url(Repository), "--ack", "remote", "--inbox-above", "10000000"];
        await using (var whole = await PasteurProcess.ServeAsync(["--data", folder["whole"], "--pull-every", "1h", .. remote]))
        {
            await UntilAsync(whole, PasteCommit.Id(0), HttpStatusCode.OK);
            var (moved, token) = await PasteAsync(whole, "canary that moves", "never");
            var (stays, _) = await PasteAsync(whole, "stays", "never");
            await using var part = await PasteurProcess.ServeAsync(["--no-data", "--pull-every", "1h", .. remote]);
            await UntilAsync(part, moved, HttpStatusCode.OK);
            Assert.Contains(part.Errors, line => line.Contains("what is asked for is fetched then", StringComparison.Ordinal));
            using var end = new FormUrlEncodedContent([new("token", token), new("expires", "3h")]);
            Assert.Equal(HttpStatusCode.OK, (await whole.Http.PostAsync(moved, end, Cancel)).StatusCode);
            await UntilAsync(() => Places(daemon, moved) is [var place] && place.StartsWith("until/", StringComparison.Ordinal), "its new place alone");

            using var deletion = new HttpRequestMessage(HttpMethod.Delete, moved) { Headers = { { "X-Token", token } } };
            Assert.Equal(HttpStatusCode.OK, (await part.Http.SendAsync(deletion, Cancel)).StatusCode);

            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(part, moved));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(part, stays));
            Assert.Equal(0, await whole.StopAsync());
        }
        StockGit.RunWithInput(daemon.Path(Repository), Encoding.ASCII.GetBytes($"commit refs/heads/{ended}\ncommitter a <a@b> 1577800000 +0000\ndata 0\nM 100644 inline x/y/z/xyzzyxyzzy/paste.txt\ndata 6\ncanary\n"), "fast-import", "--quiet");
        await using (var part = await PasteurProcess.ServeAsync(["--no-data", "--pull-every", "1s", .. remote]))
        {
            await UntilAsync(() => !Branches(daemon).Contains(ended), "the end of the branch");
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(part, PasteCommit.Id(7)));
            Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(part, "xyzzyxyzzy"));
        }
        await using (var whole = await PasteurProcess.ServeAsync(["--data", folder["whole"], "--pull-every", "1s", .. remote]))
        {
            await UntilAsync(() => Branches(daemon).All(branch => StockGit.Try(daemon.Path(Repository), default, "grep", "-q", "canary that moves", branch).ExitCode == 1), "the end of what was moved");
            Assert.Equal(0, await whole.StopAsync());
        }
        daemon.AssertSound(Repository);
    }

    private static string[] Branches(GitDaemon daemon) => daemon.Git(Repository, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Places(GitDaemon daemon, string id) => [.. Branches(daemon).Where(branch => daemon.Git(Repository, "ls-tree", branch, $"{id[0]}/{id[1]}/{id[2]}/{id}").Length > 0)];

    private static async Task UntilAsync(Func<bool> isDone, string what)
    {
        for (var clock = Stopwatch.StartNew(); !isDone(); await Task.Delay(100, Cancel)) Assert.True(clock.Elapsed < TimeSpan.FromSeconds(90), $"{what} did not come about");
    }

    // Some are here, as they were met when the branch was measured.
    private static async Task<string> FarAsync(PasteurProcess site)
    {
        for (var n = 12_000; ; n++)
            if (await StatusAsync(site, PasteCommit.Id(n)) != HttpStatusCode.OK) return PasteCommit.Id(n);
    }

    private static async Task<HttpStatusCode> StatusAsync(PasteurProcess site, string id) => (await site.GetAsync($"raw/{id}")).StatusCode;

    private static async Task AssertNotNowAsync(PasteurProcess site, string id)
    {
        foreach (var path in new[] { id, $"raw/{id}", $"api/v1/pastes/{id}", $"{id}.zip" })
        {
            var answer = await site.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{path}: {answer.StatusCode}");
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.True(answer.Headers.CacheControl is { NoStore: true }, $"{path}: {answer.Headers.CacheControl}");
        }
    }

    private static async Task UntilAsync(PasteurProcess site, string id, HttpStatusCode status)
    {
        var clock = Stopwatch.StartNew();
        for (HttpStatusCode last; (last = await StatusAsync(site, id)) != status;)
        {
            Assert.True(last == HttpStatusCode.ServiceUnavailable && clock.Elapsed < TimeSpan.FromSeconds(60), $"{id}: {last}. {string.Join('\n', site.Errors)}");
            await Task.Delay(50, Cancel);
        }
    }

    private static async Task<(string Id, string Token)> PasteAsync(PasteurProcess site, string text, string expires)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new FormUrlEncodedContent([new("paste", text), new("expires", expires)]) };
        request.Headers.Add("Accept", "application/json");
        var answer = await site.Http.SendAsync(request, Cancel);
        var json = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode}: {json}");
        using var made = JsonDocument.Parse(json);
        return (made.RootElement.GetProperty("code").GetString()!, made.RootElement.GetProperty("token").GetString()!);
    }
}
