using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Remotes that say no, or say nothing: their words reach the health report and whoever waits, and nothing is lost.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Words_of_a_hook_reach_the_author_and_the_health_report_and_the_paste_goes_when_the_hook_lets_it()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        daemon.AddHook("r.git", "pre-receive", "echo 'no pastes on Sundays' >&2; exit 1");
        await using var site = await SyncHost.StartAsync(url);
        var rejected = Assert.IsType<RemoteAck.Rejected>(await site.CommitAndWaitAsync("abcd", "hello"));
        Assert.Equal("pre-receive hook declined; no pastes on Sundays", rejected.Words);
        Assert.Equal(rejected.Words, site.Status.Problem);
        Assert.Equal(1, site.Status.Backlog);
        Assert.Equal("hello", site.Read("abcd"));
        File.Delete(Path.Combine(daemon.Path("r.git"), "hooks", "pre-receive"));
        await site.UntilSyncedAsync();
        Assert.Equal("hello", daemon.Git("r.git", "cat-file", "-p", "main:a/b/c/abcd/paste.txt"));
    }

    [Fact]
    public async Task Read_only_remote_is_read_and_its_refusal_told()
    {
        await using var daemon = await GitDaemon.StartAsync(readOnly: true);
        var url = daemon.CreateSeedling();
        daemon.PushForeign("r.git", "x/y/z/xyz0/paste.txt", "theirs");
        await using var site = await SyncHost.StartAsync(url);
        await site.UntilAsync(() => site.Read("xyz0") == "theirs", "the foreign paste");
        await site.CommitAsync("abcd", "hello");
        await site.UntilAsync(() => site.Status.Problem?.Contains("service not enabled", StringComparison.Ordinal) == true, "the refusal");
        Assert.Equal("hello", site.Read("abcd"));
    }

    [Fact]
    public async Task Missing_repository_is_told_in_the_servers_words()
    {
        await using var daemon = await GitDaemon.StartAsync();
        await using var site = await SyncHost.StartAsync(daemon.Url("nowhere.git"));
        await site.UntilAsync(() => site.Status.Problem?.Contains("no such repository", StringComparison.Ordinal) == true, "the refusal");
        Assert.False(site.Status.FirstFetchDone);
    }

    [Fact]
    public async Task Refused_paste_that_reaches_the_remote_in_another_way_is_no_problem_any_more()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        daemon.AddHook("r.git", "pre-receive", "echo x >>tries; exit 1");
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["data"] });
        await site.CommitAsync("abcd", "hello");
        var tries = Path.Combine(daemon.Path("r.git"), "tries");
        await site.UntilAsync(() => File.Exists(tries) && File.ReadAllLines(tries).Length > 3, "a few tries");
        await site.UntilAsync(() => StockGit.Try(folder["data"], default, "rev-parse", "-q", "--verify", "main").Text.Trim() == site.Tip().ToString(), "the roll");
        // The next try of a push would find it there too: without that, a fetch alone can show it.
        daemon.Git("r.git", "config", "daemon.receivepack", "false");
        daemon.Git("r.git", "fetch", "-q", folder["data"], "main:main");
        await site.UntilSyncedAsync();
        Assert.Null(site.Status.LastPush);
    }

    [Fact]
    public async Task Push_whose_answer_was_lost_is_found_to_have_landed_and_is_not_made_twice()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        // Ends receive-pack after it has moved the ref and before it has said so.
        daemon.AddHook("r.git", "reference-transaction", "if [ \"$1\" = committed ] && [ ! -e struck ]; then touch struck; kill -9 $PPID; fi");
        await using var site = await SyncHost.StartAsync(url);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "hello"));
        Assert.True(File.Exists(Path.Combine(daemon.Path("r.git"), "struck")));
        Assert.Equal("2", daemon.Git("r.git", "rev-list", "--count", "main"));
        Assert.Contains(site.Log, line => line.Contains("the outcome of a push is unknown", StringComparison.Ordinal));
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task Slow_hook_does_not_look_like_a_stall()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        daemon.Git("r.git", "config", "receive.keepAlive", "1");
        daemon.AddHook("r.git", "pre-receive", "sleep 6");
        await using var site = await SyncHost.StartAsync(url, new SyncHostOptions { MaxSilence = TimeSpan.FromSeconds(4) });
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "hello"));
    }

    [Fact]
    public async Task Commits_made_during_a_push_join_the_next()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        daemon.AddHook("r.git", "post-receive", "echo push >>pushes");
        daemon.AddHook("r.git", "pre-receive", "sleep 0.5");
        await using var site = await SyncHost.StartAsync(url);
        for (var i = 0; i < 50; i++)
        {
            await site.CommitAsync($"abc{i}", "text");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        await site.UntilSyncedAsync();
        Assert.Equal("51", daemon.Git("r.git", "rev-list", "--count", "main"));
        Assert.InRange(File.ReadAllLines(Path.Combine(daemon.Path("r.git"), "pushes")).Length, 1, 20);
    }
}
