using Pasteur.Configuration;

namespace Pasteur.Health;

/// <summary>Knows how the store and the remote stand, for whoever asks. The store is asked; the sync reports.</summary>
internal sealed class HealthMonitor(Func<StoreStatus> store, bool hasRemote)
{
    private RemoteStatus? _remote = hasRemote ? new RemoteStatus() : null;

    /// <summary>Null without a remote.</summary>
    public RemoteStatus? Remote => Volatile.Read(ref _remote);

    /// <summary>Changes what is known of the remote. Pusher and puller both do: <paramref name="change"/> may run again.</summary>
    public void UpdateRemote(Func<RemoteStatus, RemoteStatus> change)
    {
        while (Remote is { } before)
        {
            if (ReferenceEquals(Interlocked.CompareExchange(ref _remote, change(before), before), before))
                return;
        }
    }

    public StoreStatus Store() => store();

    public HealthReport Report()
    {
        var (storeNow, remote) = (store(), Remote);
        var ready = storeNow.Writable && remote is not { FirstFetchDone: false };
        var ok = ready && remote?.Problem is null;
        return new HealthReport(ok ? "ok" : "degraded", ready, ProgramVersion.Text, storeNow, remote);
    }
}
