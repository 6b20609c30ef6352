using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pasteur.Acme;

/// <summary>What an authority issues: a certificate, and those that lead from it to a root (RFC 8555, section 9.1).</summary>
public sealed class CertificateChain : IDisposable
{
    private CertificateChain(IReadOnlyList<X509Certificate2> certificates) => All = certificates;

    public X509Certificate2 Leaf => All[0];

    public IReadOnlyList<X509Certificate2> All { get; }

    /// <summary>The last one's issuer as people know it, such as "ISRG Root X1".</summary>
    public string Root => All[^1].GetNameInfo(X509NameType.SimpleName, forIssuer: true);

    public string Pem => string.Concat(All.Select(certificate => certificate.ExportCertificatePem() + "\n"));

    /// <exception cref="IOException">It holds no chain of certificates.</exception>
    public static CertificateChain Read(ReadOnlySpan<byte> pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException e)
        {
            throw new IOException("the authority sent a certificate that cannot be read", e);
        }
        return certificates.Count is > 0 and <= AcmeLimits.MaxCertificatesPerChain
            ? new CertificateChain([.. certificates])
            : throw new IOException($"the authority sent a chain of {certificates.Count} certificates");
    }

    /// <summary>Why this is not what was asked for; null when it is.</summary>
    internal string? Problem(IReadOnlyList<AcmeIdentifier> identifiers, AsymmetricAlgorithm key)
    {
        if (!Leaf.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
            return "the authority sent a certificate for another key";
        // A name that begins with "*." is one that the wildcard covers.
        var missing = identifiers.FirstOrDefault(i => !Leaf.MatchesHostname(i.IsWildcard ? "any" + i.Value[1..] : i.Value, allowCommonName: false));
        return missing is null ? null : $"the authority sent a certificate that is not for {missing}";
    }

    public void Dispose()
    {
        foreach (var certificate in All)
            certificate.Dispose();
    }
}
