using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pasteur.Tls;

/// <summary>A certificate with its private key, and those that lead to its root: what a handshake needs.</summary>
internal sealed class ServedCertificate
{
    private ServedCertificate(X509Certificate2 leaf, SslStreamCertificateContext context) => (Leaf, Context) = (leaf, context);

    /// <summary>With its private key.</summary>
    public X509Certificate2 Leaf { get; }

    public SslStreamCertificateContext Context { get; }

    public DateTimeOffset NotBefore => Leaf.NotBefore;

    public DateTimeOffset NotAfter => Leaf.NotAfter;

    /// <summary>The issuer's common name.</summary>
    public string Issuer => Leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true);

    /// <summary>Names and addresses that it is for.</summary>
    public IReadOnlyList<string> Names => [.. Leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())))];

    /// <exception cref="CryptographicException">The key is not that of the certificate.</exception>
    public static ServedCertificate Of(IReadOnlyList<X509Certificate2> chain, AsymmetricAlgorithm key)
    {
        var leaf = key switch
        {
            ECDsa ec => chain[0].CopyWithPrivateKey(ec),
            RSA rsa => chain[0].CopyWithPrivateKey(rsa),
            _ => throw new CryptographicException("the key is neither ECDSA nor RSA"),
        };
        // Offline: nothing is downloaded to complete the chain, and no OCSP answer is fetched.
        return new ServedCertificate(leaf, SslStreamCertificateContext.Create(leaf, [.. chain.Skip(1)], offline: true));
    }

    /// <summary>Of PEM blocks in any order; the certificate comes before its issuers.</summary>
    /// <exception cref="CryptographicException">There is no certificate, no key, or they don't belong together.</exception>
    public static ServedCertificate OfPem(string certificates, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificates);
        return chain.Count > 0 ? Of([.. chain], ReadKey(key)) : throw new CryptographicException("there is no certificate");
    }

    /// <exception cref="CryptographicException">There is none.</exception>
    private static AsymmetricAlgorithm ReadKey(string pem)
    {
        foreach (var create in (Func<AsymmetricAlgorithm>[])[ECDsa.Create, RSA.Create])
        {
            var key = create();
            try
            {
                key.ImportFromPem(pem);
                return key;
            }
            // A key of the other kind is met with either.
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                key.Dispose();
            }
        }
        throw new CryptographicException("there is no private key that can be read");
    }
}
