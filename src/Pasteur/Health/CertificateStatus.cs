namespace Pasteur.Health;

/// <summary>How the site's certificate stands. Immutable: each change is a new one.</summary>
internal sealed record CertificateStatus
{
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Empty until there is one.</summary>
    public string Issuer { get; init; } = "";

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>When it will be renewed; null when that is not ours to do.</summary>
    public DateTimeOffset? RenewalDue { get; init; }

    /// <summary>Renewals that failed since the last that did not.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>What needs the owner; null when nothing does.</summary>
    public string? Problem { get; init; } = "there is no certificate yet";
}
