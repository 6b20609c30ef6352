using System.Net;
using System.Net.Http;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Pastes that are burnt after reading, with several servers on one remote, crashes in between, and a remote that is away.</summary>
public sealed class BurningTests : IDisposable
{
    private const string Repository = "r.git";
    private const string Canary = "canary-2b6d-read-by-one-alone";
    private const int Sigkill = 9;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_readers_at_two_servers_at_the_same_instant_exactly_one_gets_it_when_the_remote_decides()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await ServeAsync(daemon, "one", "remote");
        await using var two = await ServeAsync(daemon, "two", "remote");
        var paths = new List<(string Path, int Reads)>();
        for (var n = 0; n < 6; n++) paths.Add((await PasteAsync(n % 2 == 0 ? one : two, $"{Canary} {n}", n < 4 ? 1 : 2), n < 4 ? 1 : 2));
        foreach (var (path, _) in paths)
            foreach (var site in (PasteurProcess[])[one, two])
                await UntilAsync(async () => (await site.GetAsync(path)).StatusCode == HttpStatusCode.Conflict, $"{path} there");

        foreach (var (path, reads) in paths)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => OpenAsync(n % 2 == 0 ? one : two, path)));
            Assert.Equal(reads, answers.Count(answer => answer.Status == HttpStatusCode.OK));
            Assert.All(answers, answer => Assert.Equal(answer.Status == HttpStatusCode.OK, answer.Text.Contains(Canary, StringComparison.Ordinal)));
            Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Gone, $"{answer}"));
        }

        await UntilAsync(() => Task.FromResult(Burning(daemon).Length == 0), "the end of their branches");
        foreach (var (path, _) in paths)
            foreach (var site in (PasteurProcess[])[one, two])
                Assert.Equal(HttpStatusCode.Gone, (await OpenAsync(site, path)).Status);
        daemon.AssertSound(Repository);
        Assert.DoesNotContain("Warning", string.Join('\n', one.Errors.Concat(two.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_at_one_server_it_is_gone_at_the_other_soon_and_stays_so_after_a_restart()
    {
        await using var daemon = await StartDaemonAsync();
        await using var one = await ServeAsync(daemon, "one", "local");
        string path;
        await using (var two = await ServeAsync(daemon, "two", "local"))
        {
            path = await PasteAsync(one, Canary, 1);
            var neighbour = await PasteAsync(one, "neighbour", 1);
            await UntilAsync(async () => (await two.GetAsync(path)).StatusCode == HttpStatusCode.Conflict, "it, there");
            Assert.Equal((HttpStatusCode.OK, Canary), await OpenAsync(two, path));
            Assert.Equal(HttpStatusCode.Gone, (await OpenAsync(two, path)).Status);
            await UntilAsync(async () => (await one.GetAsync(path)).StatusCode == HttpStatusCode.Gone, "the news");
            await UntilAsync(() => Task.FromResult(Burning(daemon).Length == 1), "the end of its branch");
            Assert.Equal(0, await two.StopAsync());
            Assert.Equal((HttpStatusCode.OK, "neighbour"), await OpenAsync(one, neighbour));
        }
        await using var again = await ServeAsync(daemon, "two", "local");
        Assert.Equal(HttpStatusCode.Gone, (await OpenAsync(again, path)).Status);
        await UntilAsync(() => Task.FromResult(Burning(daemon).Length == 0), "the end of the other's branch");
        // Nothing that a branch names has it; what is unnamed, the host prunes.
        Assert.DoesNotContain("paste.txt", daemon.Git(Repository, "rev-list", "--objects", "--all"), StringComparison.Ordinal);
        daemon.Git(Repository, "gc", "--prune=now", "-q");
        daemon.AssertSound(Repository);
        foreach (var name in (string[])["one", "two"])
            await UntilAsync(() => Task.FromResult(!StockGit.Try(Path.Combine(_folder[name], "pastes.git"), default, "rev-list", "--objects", "--all").Text.Contains("paste.txt", StringComparison.Ordinal)), $"the end of its objects at {name}");
    }

    [Fact]
    public async Task Killed_between_the_burn_and_the_answer_it_is_read_and_was_shown_to_nobody()
    {
        await using var daemon = await StartDaemonAsync();
        string path;
        await using (var site = await ServeAsync(daemon, "one", "remote"))
        {
            path = await PasteAsync(site, Canary, 1);
            // The remote takes its time over the mark; until its ok nothing is shown.
            daemon.AddHook(Repository, "update", "case $1/$2 in */0000*) ;; refs/heads/until/*/burn-*) echo >>here; sleep 30;; esac");
            var opening = OpenAsync(site, path);
            await UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(daemon.Path(Repository), "here"))), "the push of the mark");
            Assert.False(opening.IsCompleted);
            site.Signal(Sigkill);
            await Assert.ThrowsAnyAsync<Exception>(() => opening);
        }
        daemon.AddHook(Repository, "update", "exit 0");
        await using var again = await ServeAsync(daemon, "one", "remote");
        Assert.Equal(HttpStatusCode.Gone, (await again.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await OpenAsync(again, path)).Status);
        await UntilAsync(() => Task.FromResult(Burning(daemon).Length == 0), "the end of its branch");
    }

    [Fact]
    public async Task Killed_under_readers_it_is_never_given_out_twice()
    {
        for (var round = 0; round < 6; round++)
        {
            var folder = _folder[$"killed {round}"];
            var paths = new List<string>();
            var shown = new System.Collections.Concurrent.ConcurrentBag<string>();
            await using (var site = await PasteurProcess.ServeAsync("--data", folder))
            {
                for (var n = 0; n < 40; n++) paths.Add(await PasteAsync(site, $"{Canary} {n}", 1));
                var readers = paths.Select(async path =>
                {
                    try
                    {
                        if ((await OpenAsync(site, path)).Status == HttpStatusCode.OK) shown.Add(path);
                    }
                    catch (Exception e) when (e is HttpRequestException or IOException)
                    {
                        // Killed before the answer.
                    }
                }).ToList();
                await Task.Delay(round * 4, Cancel);
                site.Signal(Sigkill);
                await Task.WhenAll(readers);
            }
            await using var again = await PasteurProcess.ServeAsync("--data", folder);
            foreach (var path in paths)
            {
                var answer = await OpenAsync(again, path);
                Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Gone, $"{answer}");
                Assert.False(answer.Status == HttpStatusCode.OK && shown.Contains(path), $"{path} was given out twice");
            }
        }
    }

    [Theory]
    [InlineData("remote")]
    [InlineData("local")]
    public async Task A_server_that_pushes_what_was_read_long_ago_brings_nothing_back(string ack)
    {
        await using var daemon = await StartDaemonAsync();
        // A creator that believes that its paste never reached the remote, as after a crash before the ok was kept.
        string path;
        await using (var creator = await ServeAsync(daemon, "creator", "local"))
        {
            await daemon.StopAsync();
            path = await PasteAsync(creator, Canary, 1);
            creator.Signal(Sigkill);
            await creator.WaitForExitAsync();
        }
        await Tool.RunAsync("cp", ["-a", _folder["creator"], _folder["copy"]]);
        await daemon.StartAsync();
        await using (var creator = await ServeAsync(daemon, "creator", "local"))
        await using (var reader = await ServeAsync(daemon, "reader", "local"))
        {
            await UntilAsync(async () => (await reader.GetAsync(path)).StatusCode == HttpStatusCode.Conflict, "it, there");
            Assert.Equal((HttpStatusCode.OK, Canary), await OpenAsync(reader, path));
            await UntilAsync(() => Task.FromResult(Burning(daemon).Length == 0), "the end of its branch");
        }

        await using var again = await ServeAsync(daemon, "copy", ack);
        if (ack == "remote")
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(again, path)));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Gone, answer.Status));
        }
        await UntilAsync(async () => (await again.GetAsync(path)).StatusCode == HttpStatusCode.Gone, "the news");
        Assert.Equal(HttpStatusCode.Gone, (await OpenAsync(again, path)).Status);
        await UntilAsync(() => Task.FromResult(Burning(daemon).Length == 0), "the end of what came back");
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task While_the_remote_that_decides_is_away_nothing_is_opened_or_burnt()
    {
        await using var daemon = await StartDaemonAsync();
        await using var site = await ServeAsync(daemon, "one", "remote");
        var path = await PasteAsync(site, Canary, 1);
        await daemon.StopAsync();
        for (var n = 0; n < 3; n++)
        {
            var (status, text) = await OpenAsync(site, path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("Nothing was opened or burnt", text, StringComparison.Ordinal);
        }
        await daemon.StartAsync();
        await UntilAsync(async () => await OpenAsync(site, path) is (HttpStatusCode.OK, Canary), "its reading");
        Assert.Equal(HttpStatusCode.Gone, (await OpenAsync(site, path)).Status);
    }

    private static async Task<GitDaemon> StartDaemonAsync()
    {
        var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        return daemon;
    }

    private Task<PasteurProcess> ServeAsync(GitDaemon daemon, string name, string ack) =>
        PasteurProcess.ServeAsync("--remote", daemon.Url(Repository), "--data", _folder[name], "--ack", ack, "--pull-every", "1s");

    private static async Task<string> PasteAsync(PasteurProcess site, string text, int reads)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("paste", text), KeyValuePair.Create("reads", $"{reads}")]);
        using var answer = await site.Http.PostAsync("", form, Cancel);
        var said = (await answer.Content.ReadAsStringAsync(Cancel)).Trim();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, said);
        return new Uri(said).AbsolutePath;
    }

    private static async Task<(HttpStatusCode Status, string Text)> OpenAsync(PasteurProcess site, string path)
    {
        using var answer = await site.Http.PostAsync(path, null, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static string[] Burning(GitDaemon daemon) =>
        [.. daemon.Git(Repository, "for-each-ref", "--format=%(refname)", "refs/heads/until").Split('\n').Where(name => name.Contains("/burn-", StringComparison.Ordinal))];

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var n = 0; !await condition(); n++)
        {
            Assert.True(n < 1200, $"{what} did not come about");
            await Task.Delay(50, Cancel);
        }
    }
}
