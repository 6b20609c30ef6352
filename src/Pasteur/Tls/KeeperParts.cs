using Pasteur.Acme;
using Pasteur.Configuration;

namespace Pasteur.Tls;

/// <summary>What the keeper works with.</summary>
internal sealed record KeeperParts
{
    public required AcmeSettings Settings { get; init; }

    public required IReadOnlyList<string> Hostnames { get; init; }

    public required CertificateVault Vault { get; init; }

    public required CertificateSlot Slot { get; init; }

    public required IReadOnlyList<IChallengeResponder> Responders { get; init; }

    public required CertificateReport Report { get; init; }

    public required ILogger Log { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Connections to the authority, for one conversation.</summary>
    public Func<HttpMessageInvoker> Connect { get; init; } = AcmeConnections.Open;
}
