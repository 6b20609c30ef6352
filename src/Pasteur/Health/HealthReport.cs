namespace Pasteur.Health;

/// <summary>What /healthz and /readyz answer.</summary>
/// <param name="Status">"ok", or "degraded" when something needs the owner.</param>
/// <param name="Ready">New pastes are taken, and what the remote had at start is known.</param>
/// <param name="Remote">Null without a remote.</param>
/// <param name="Certificate">Null when the site speaks plain HTTP.</param>
internal sealed record HealthReport(string Status, bool Ready, string Version, StoreStatus Store, RemoteStatus? Remote, CertificateStatus? Certificate);
