using Pasteur.Acme;
using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>The authority that certificates are asked of, and what for. Shown, it holds no secret.</summary>
internal sealed record AcmeSettings
{
    public required AcmeServer Server { get; init; }

    /// <summary>Null: the authority is told none.</summary>
    public string? Email { get; init; }

    public ExternalAccountKey? ExternalAccount { get; init; }

    /// <summary>Makes the account's key; null: it is random, and kept in the data folder.</summary>
    public TlsSeed? AccountSeed { get; init; }

    /// <summary>Makes the certificates' key; null: each certificate has a new one.</summary>
    public TlsSeed? CertificateSeed { get; init; }

    public required CertificateKeyType KeyType { get; init; }

    /// <summary>A kind of certificate that the authority names; null for its usual one.</summary>
    public string? Profile { get; init; }

    /// <summary>The root that the chain should lead to, by its name; null for the authority's choice.</summary>
    public string? PreferredRoot { get; init; }

    /// <summary>How the names are proved in the DNS; null when they are proved by what the site's ports answer.</summary>
    public DnsSettings? Dns { get; init; }
}

/// <summary>An authority.</summary>
/// <param name="IsForTrial">Browsers do not trust what it issues.</param>
internal sealed record AcmeServer(Uri Directory, bool IsForTrial)
{
    public static readonly AcmeServer LetsEncrypt = new(new Uri("https://acme-v02.api.letsencrypt.org/directory"), IsForTrial: false);
    public static readonly AcmeServer LetsEncryptStaging = new(new Uri("https://acme-staging-v02.api.letsencrypt.org/directory"), IsForTrial: true);
}
