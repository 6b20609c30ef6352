using Pasteur.Git;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>The sync against the real git daemon.</summary>
public sealed class GitDaemonTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Paste_becomes_a_commit_on_the_seedling_remote(bool onDisk)
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, Data(folder, onDisk));
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcdefghjk", "hello"));
        Assert.Equal("hello", daemon.Git("r.git", "cat-file", "-p", "main:a/b/c/abcdefghjk/paste.txt"));
        Assert.Equal("Ada|Paste abcdefghjk", daemon.Git("r.git", "log", "-1", "--format=%an|%s", "main"));
        Assert.Equal("2", daemon.Git("r.git", "rev-list", "--count", "main"));
        daemon.AssertSound("r.git");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task First_paste_creates_the_branch_on_an_empty_remote(bool onDisk)
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateEmpty();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, Data(folder, onDisk));
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcdefghjk", "hello"));
        Assert.Equal("hello", daemon.Git("r.git", "cat-file", "-p", "main:a/b/c/abcdefghjk/paste.txt"));
        daemon.AssertSound("r.git");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commits_of_somebody_else_appear(bool onDisk)
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, Data(folder, onDisk));
        for (var i = 0; i < 3; i++)
        {
            daemon.PushForeign("r.git", $"x/y/z/xyz{i}/paste.txt", $"foreign {i}");
            await site.UntilAsync(() => site.Read($"xyz{i}") == $"foreign {i}", "the foreign paste");
            Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync($"abc{i}", $"ours {i}"));
        }
        Assert.Equal("7", daemon.Git("r.git", "rev-list", "--count", "main"));
        Assert.Null(site.Status.KeptAside);
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task Store_in_memory_fetches_the_newest_commit_alone_and_pushes_on_top_of_it()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        for (var i = 0; i < 5; i++)
            daemon.PushForeign("r.git", $"x/y/z/xyz{i}/paste.txt", $"foreign {i}");
        await using var site = await SyncHost.StartAsync(url);
        await site.UntilAsync(() => site.Read("xyz0") == "foreign 0", "the foreign paste");
        Assert.Single(site.Repository.Shallow);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "ours"));
        Assert.Equal("7", daemon.Git("r.git", "rev-list", "--count", "main"));
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task Push_that_lost_to_somebody_else_is_put_on_top_of_theirs()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, Data(folder, true) with { PullEvery = TimeSpan.FromMinutes(5) });
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        daemon.PushForeign("r.git", "x/y/z/xyz0/paste.txt", "theirs");
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "ours"));
        Assert.Equal("theirs", site.Read("xyz0"));
        Assert.Equal("3", daemon.Git("r.git", "rev-list", "--count", "main"));
        Assert.Equal("ours", daemon.Git("r.git", "cat-file", "-p", "main:a/b/c/abcd/paste.txt"));
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task Servers_that_share_a_remote_lose_nothing_and_converge()
    {
        const int Each = 12;
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var one = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["one"] });
        await using var two = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["two"] });
        await using var three = await SyncHost.StartAsync(url);
        SyncHost[] sites = [one, two, three];
        await Task.WhenAll(sites.Select(async (site, n) =>
        {
            for (var i = 0; i < Each; i++)
            {
                var ack = await site.CommitAndWaitAsync($"s{n}p{i:d3}", $"text {n} {i}");
                Assert.True(ack is RemoteAck.Landed, $"server {n}, paste {i}: {ack}; {string.Join(" | ", site.Log.TakeLast(20))}");
            }
        }));
        foreach (var site in sites)
        {
            for (var n = 0; n < sites.Length; n++)
                for (var i = 0; i < Each; i++)
                    await site.UntilAsync(() => site.Read($"s{n}p{i:d3}") == $"text {n} {i}", $"paste {n} {i}");
        }
        Assert.Equal($"{(sites.Length * Each) + 1}", daemon.Git("r.git", "rev-list", "--count", "main"));
        daemon.AssertSound("r.git");
        await one.UntilSyncedAsync();
        Assert.Equal(daemon.Git("r.git", "rev-parse", "main"), one.Tip().ToString());
    }

    [Fact]
    public async Task Servers_that_commit_faster_than_they_push_lose_nothing()
    {
        const int Each = 600;
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var one = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["one"] });
        await using var two = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["two"] });
        SyncHost[] sites = [one, two];
        await Task.WhenAll(sites.Select((site, n) => Task.WhenAll(Enumerable.Range(0, Each).Select(i => site.CommitAsync($"s{n}p{i:d5}", "text")))));
        await Task.WhenAll(sites.Select(site => site.UntilAsync(() => site.Read("s0p00599") is not null && site.Read("s1p00599") is not null && site.Status.Backlog == 0, "convergence")));
        Assert.Equal($"{(sites.Length * Each) + 1}", daemon.Git("r.git", "rev-list", "--count", "main"));
        Assert.Equal($"{sites.Length * Each * 2}", daemon.Git("r.git", "ls-tree", "-r", "--name-only", "main").Split('\n').Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task Remote_that_went_away_gets_the_backlog_when_it_is_back()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, Data(folder, true));
        await site.CommitAndWaitAsync("aaaa", "before");
        await daemon.StopAsync();
        for (var i = 0; i < 10; i++)
            await site.CommitAsync($"bbb{i}", "meanwhile");
        await site.UntilAsync(() => site.Status is { Backlog: 10, Problem: { } problem } && problem.Contains("Connection refused", StringComparison.Ordinal), "the backlog");
        Assert.NotNull(site.Status.OldestUnpushed);
        await daemon.StartAsync();
        await site.UntilSyncedAsync();
        Assert.Equal("12", daemon.Git("r.git", "rev-list", "--count", "main"));
        Assert.Null(site.Status.OldestUnpushed);
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task Backlog_of_an_earlier_run_is_pushed_by_the_next()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using (var site = await SyncHost.StartAsync(url, Data(folder, true)))
        {
            await site.CommitAndWaitAsync("aaaa", "pushed");
            await daemon.StopAsync();
            await site.CommitAsync("bbbb", "not pushed");
            Assert.False(await site.Sync.DrainAsync(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
        }
        await daemon.StartAsync();
        await using var next = await SyncHost.StartAsync(url, Data(folder, true));
        await next.UntilSyncedAsync();
        Assert.Equal("not pushed", daemon.Git("r.git", "cat-file", "-p", "main:b/b/b/bbbb/paste.txt"));
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task What_waits_is_pushed_before_the_site_ends()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, Data(folder, true));
        for (var i = 0; i < 50; i++)
            await site.CommitAsync($"bbb{i}", "last words");
        Assert.True(await site.Sync.DrainAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal("51", daemon.Git("r.git", "rev-list", "--count", "main"));
    }

    private static SyncHostOptions Data(TemporaryFolder folder, bool onDisk) => new() { Folder = onDisk ? folder["data"] : null };
}
