using System.Globalization;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>A remote that is away while people paste. `bench/outage` does it for ten minutes.</summary>
public sealed class OutageTests
{
    private const string Repository = "r.git";
    private const int Writers = 16;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backlog_of_an_outage_under_load_is_there_after_few_pushes_and_each_paste_once()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling(Repository);
        daemon.AddHook(Repository, "post-receive", "echo x >>pushes");
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, new SyncHostOptions { Folder = folder["data"] });
        await site.CommitAndWaitAsync("before", "text");
        await daemon.StopAsync();

        var pasted = await PasteForAsync(site, TimeSpan.FromSeconds(3));
        var waiting = site.Repository.Backlog("main");
        var pushes = CountPushes(daemon);
        await daemon.StartAsync();
        await site.UntilSyncedAsync();

        Assert.True(waiting > Writers, $"only {waiting} pastes waited: this proves nothing");
        Assert.InRange(CountPushes(daemon) - pushes, 1, 2 + (waiting / 10_000));
        AssertHoldsOnce(daemon, pasted + 1);
    }

    private static async Task<int> PasteForAsync(SyncHost site, TimeSpan time)
    {
        var next = 0;
        var until = TimeProvider.System.GetUtcNow() + time;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (TimeProvider.System.GetUtcNow() < until)
                await site.CommitAsync(PasteCommit.Id(Interlocked.Increment(ref next)), "text");
        }, Cancel)));
        return next;
    }

    private static int CountPushes(GitDaemon daemon)
    {
        var file = Path.Combine(daemon.Path(Repository), "pushes");
        return File.Exists(file) ? File.ReadAllLines(file).Length : 0;
    }

    private static void AssertHoldsOnce(GitDaemon daemon, int pastes)
    {
        Assert.Equal((pastes + 1).ToString(CultureInfo.InvariantCulture), daemon.Git(Repository, "rev-list", "--count", "main"));
        Assert.Equal(pastes, daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main").Split('\n').Count(path => path.EndsWith("/paste.txt", StringComparison.Ordinal)));
        daemon.AssertSound(Repository);
    }
}
