using Pasteur.Configuration;

namespace Pasteur.Health;

/// <summary>Knows how the store, the remote and the certificate stand, for whoever asks. The store is asked; the others report.</summary>
internal sealed class HealthMonitor(Func<StoreStatus> store, bool hasRemote, bool hasCertificate = false)
{
    private RemoteStatus? _remote = hasRemote ? new RemoteStatus() : null;
    private CertificateStatus? _certificate = hasCertificate ? new CertificateStatus() : null;

    /// <summary>Null without a remote.</summary>
    public RemoteStatus? Remote => Volatile.Read(ref _remote);

    /// <summary>Null when the site speaks plain HTTP.</summary>
    public CertificateStatus? Certificate => Volatile.Read(ref _certificate);

    /// <summary>Changes what is known of the certificate. There is one who does.</summary>
    public void UpdateCertificate(Func<CertificateStatus, CertificateStatus> change)
    {
        if (Certificate is { } before)
            Volatile.Write(ref _certificate, change(before));
    }

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
        var (storeNow, remote, certificate) = (store(), Remote, Certificate);
        var ready = storeNow.Writable && remote is not { FirstFetchDone: false };
        var ok = ready && !storeNow.IsFull && remote?.Problem is null && certificate?.Problem is null;
        return new HealthReport(ok ? "ok" : "degraded", ready, ProgramVersion.Text, storeNow, remote, certificate);
    }
}
