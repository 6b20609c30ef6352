using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pasteur.Acme;

/// <summary>A certificate that is wanted.</summary>
public sealed record CertificateOrder
{
    /// <summary>One or more, each once.</summary>
    public required IReadOnlyList<AcmeIdentifier> Identifiers { get; init; }

    /// <summary>The certificate's key, ECDSA or RSA; not the account's.</summary>
    public required AsymmetricAlgorithm Key { get; init; }

    /// <summary>The ways to answer, the preferred first.</summary>
    public required IReadOnlyList<IChallengeResponder> Responders { get; init; }

    /// <summary>A kind of certificate that the authority names; null for its usual one.</summary>
    public string? Profile { get; init; }

    /// <summary>The certificate that this one is to replace (RFC 9773, section 5); null for none.</summary>
    public X509Certificate2? Replaces { get; init; }

    /// <summary>The root that a chain should lead to, by its common name; null, or one that there is no chain to: the authority's usual chain.</summary>
    public string? PreferredRoot { get; init; }
}
