namespace Pasteur.Configuration;

/// <summary>How the site speaks TLS itself.</summary>
internal sealed record TlsSettings
{
    /// <summary>Names and addresses that the site has, the first being the one that it is told by; may be empty with a certificate from files.</summary>
    public required IReadOnlyList<string> Hostnames { get; init; }

    /// <summary>Where plain HTTP is answered: challenges, and the way to https. Null: nowhere.</summary>
    public required int? HttpPort { get; init; }

    public required CertificateSource Source { get; init; }
}

/// <summary>Where the certificate comes from.</summary>
internal abstract record CertificateSource
{
    private CertificateSource()
    {
    }

    /// <summary>From files that somebody else renews.</summary>
    internal sealed record OwnFiles(string Certificate, string Key) : CertificateSource;

    /// <summary>From an authority that speaks ACME.</summary>
    internal sealed record Authority(AcmeSettings Acme) : CertificateSource;
}
