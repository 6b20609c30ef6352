using Pasteur.Git;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>A remote whose branch was rewound, rewritten or taken away.</summary>
public sealed class RewindTests
{
    [Theory]
    [InlineData(RewindPolicy.Replay, true)]
    [InlineData(RewindPolicy.Follow, false)]
    public async Task Rewound_branch_is_mended_or_followed_and_ours_is_kept_aside(RewindPolicy policy, bool comesBack)
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["data"], OnRewind = policy });
        await site.CommitAndWaitAsync("aaaa", "first");
        await site.CommitAndWaitAsync("bbbb", "second");
        var before = site.Tip();
        daemon.Git("r.git", "update-ref", "refs/heads/main", "main~1");
        await site.UntilAsync(() => site.Status.KeptAside is not null, "the rewind");
        Assert.True(site.Repository.Current.TryGetRef(site.Status.KeptAside!, out var kept));
        Assert.Equal(before, kept);
        await site.UntilSyncedAsync();
        Assert.Equal(comesBack ? "second" : null, site.Read("bbbb"));
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("cccc", "third"));
        Assert.Equal(comesBack ? "4" : "3", daemon.Git("r.git", "rev-list", "--count", "main"));
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task Stop_changes_nothing_and_says_why()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        await using var site = await SyncHost.StartAsync(url, new SyncHostOptions { OnRewind = RewindPolicy.Stop });
        await site.CommitAndWaitAsync("aaaa", "first");
        var before = site.Tip();
        daemon.Git("r.git", "update-ref", "refs/heads/main", "main~1");
        await site.UntilAsync(() => site.Status.Problem?.Contains("was rewritten", StringComparison.Ordinal) == true, "the refusal");
        await site.CommitAsync("bbbb", "second");
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.Equal("1", daemon.Git("r.git", "rev-list", "--count", "main"));
        Assert.Equal("first", site.Read("aaaa"));
        Assert.NotEqual(before, site.Tip());
    }

    [Fact]
    public async Task Branch_that_was_taken_away_is_made_again()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["data"] });
        await site.CommitAndWaitAsync("aaaa", "first");
        daemon.Git("r.git", "update-ref", "-d", "refs/heads/main");
        await site.UntilAsync(() => site.Log.Any(line => line.Contains("is gone", StringComparison.Ordinal)), "the notice");
        await site.UntilAsync(() => daemon.Git("r.git", "for-each-ref", "refs/heads/main").Length > 0, "the branch");
        await site.UntilSyncedAsync();
        Assert.Equal("first", daemon.Git("r.git", "cat-file", "-p", "main:a/a/a/aaaa/paste.txt"));
        daemon.AssertSound("r.git");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Branch_that_is_set_back_here_takes_nothing_off_the_remote(bool pastesFollow)
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        daemon.Git("r.git", "config", "receive.denyNonFastForwards", "false");
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["data"] });
        await site.CommitAndWaitAsync("aaaa", "first");
        await site.CommitAndWaitAsync("bbbb", "second");
        await site.UntilAsync(() => StockGit.Try(folder["data"], default, "rev-parse", "-q", "--verify", "main").Text.Trim() == site.Tip().ToString(), "the roll");
        var remote = daemon.Git("r.git", "rev-parse", "main");

        StockGit.Run(folder["data"], "update-ref", "refs/heads/main", "main~1");

        if (pastesFollow)
        {
            await site.UntilAsync(() => site.Repository.Current.RefNames.Any(name => name.StartsWith("refs/pasteur/lost/", StringComparison.Ordinal)), "the reset");
            await site.CommitAsync("cccc", "third");
        }
        await site.UntilAsync(() => site.Log.Any(line => line.Contains("was set back in the data folder", StringComparison.Ordinal)), "the notice");
        await site.UntilSyncedAsync();
        Assert.Equal("second", site.Read("bbbb"));
        Assert.Equal(remote, daemon.Git("r.git", "rev-parse", pastesFollow ? "main~1" : "main"));
        daemon.AssertSound("r.git");
    }

    [Fact]
    public async Task Rewritten_history_larger_than_one_fetch_may_be_is_taken_by_its_newest_commit()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        await using var site = await SyncHost.StartAsync(url, new SyncHostOptions { MaxPackBytes = 60_000 });
        await site.CommitAndWaitAsync("aaaa", "ours");
        using var other = new TemporaryFolder();
        StockGit.Run(other.Path, "init", "-q", "-b", "main");
        for (var i = 0; i < 4; i++)
        {
            await File.WriteAllBytesAsync(other["noise"], Noise(30_000), TestContext.Current.CancellationToken);
            StockGit.Run(other.Path, "add", "-A");
            StockGit.Run(other.Path, "commit", "-q", "-m", "other");
        }
        daemon.Git("r.git", "config", "receive.denyNonFastForwards", "false");
        StockGit.Run(other.Path, "push", "-q", "-f", daemon.Path("r.git"), "main");
        await site.UntilAsync(() => site.ReadFile("noise") is not null, "the rewritten branch");
        await site.UntilSyncedAsync();
        Assert.Equal("ours", daemon.Git("r.git", "cat-file", "-p", "main:a/a/a/aaaa/paste.txt"));
        Assert.NotNull(site.Status.KeptAside);
    }

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        Random.Shared.NextBytes(noise);
        return noise;
    }
}
