using Pasteur.Health;

namespace Pasteur.Tests.Health;

public sealed class HealthMonitorTests
{
    private static readonly StoreStatus s_sound = new(Writable: true, Reason: null, JournalBytes: 0, Packs: 0, Objects: 0, DiskFreeBytes: 1);

    [Fact]
    public void Without_a_remote_it_is_ready_at_once()
    {
        var report = new HealthMonitor(() => s_sound, hasRemote: false).Report();

        Assert.Equal(("ok", true, null), (report.Status, report.Ready, report.Remote));
    }

    [Fact]
    public void With_a_remote_it_is_ready_after_the_first_fetch()
    {
        var monitor = new HealthMonitor(() => s_sound, hasRemote: true);
        Assert.False(monitor.Report().Ready);

        monitor.UpdateRemote(r => r with { FirstFetchDone = true });

        Assert.True(monitor.Report().Ready);
        Assert.Equal("ok", monitor.Report().Status);
    }

    [Fact]
    public void Remote_that_went_away_degrades_but_keeps_it_ready()
    {
        var monitor = new HealthMonitor(() => s_sound, hasRemote: true);

        monitor.UpdateRemote(r => r with { FirstFetchDone = true, Problem = "connection refused", Backlog = 3 });

        Assert.Equal(("degraded", true), (monitor.Report().Status, monitor.Report().Ready));
        Assert.Equal(3, monitor.Report().Remote!.Backlog);
    }

    [Fact]
    public void Store_that_takes_no_writes_is_not_ready_and_says_why()
    {
        var report = new HealthMonitor(() => s_sound with { Writable = false, Reason = "no space left" }, hasRemote: false).Report();

        Assert.Equal(("degraded", false, "no space left"), (report.Status, report.Ready, report.Store.Reason));
    }

    [Fact]
    public void Changes_of_two_at_once_are_both_kept()
    {
        var monitor = new HealthMonitor(() => s_sound, hasRemote: true);

        Parallel.For(0, 10_000, _ => monitor.UpdateRemote(r => r with { Backlog = r.Backlog + 1 }));

        Assert.Equal(10_000, monitor.Remote!.Backlog);
    }

    [Fact]
    public void Report_of_a_remote_that_is_not_there_changes_nothing()
    {
        var monitor = new HealthMonitor(() => s_sound, hasRemote: false);

        monitor.UpdateRemote(r => r with { Backlog = 1 });

        Assert.Null(monitor.Remote);
    }
}
