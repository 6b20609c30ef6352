using System.Diagnostics;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>On a remote that others push to as well, who has won a push waits, so that they get their turn.</summary>
public sealed class TurnTests
{
    /// <summary>But not when nothing more waits here: a push that takes long does not keep the next paste from all servers for as long again and more.</summary>
    [Fact]
    public async Task Paste_on_a_site_where_none_waits_is_pushed_at_once()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling();
        daemon.AddHook("r.git", "pre-receive", "sleep 1");
        await using var site = await SyncHost.StartAsync(url);
        daemon.PushForeign("r.git", "x/y/z/xyz0/paste.txt", "theirs");
        await site.UntilAsync(() => site.Read("xyz0") == "theirs", "the foreign paste");
        var first = await TimePushAsync(site, "abcd");
        // When the first is answered, the site does not yet wait for its turn.
        await Task.Delay(100, TestContext.Current.CancellationToken);
        var second = await TimePushAsync(site, "abce");
        Assert.True(second < first * 1.6, $"the first took {first}, the second {second}");
    }

    private static async Task<TimeSpan> TimePushAsync(SyncHost site, string id)
    {
        var since = Stopwatch.GetTimestamp();
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync(id, "text"));
        return Stopwatch.GetElapsedTime(since);
    }
}
