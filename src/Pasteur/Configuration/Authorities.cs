using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pasteur.Configuration;

/// <summary>Certificates that a TLS server may be vouched for with, beside those that the system trusts.</summary>
internal sealed record Authorities(IReadOnlyList<X509Certificate2> Certificates)
{
    public static Parsed<Authorities> ReadFile(string path)
    {
        var read = SmallFile.ReadText(path, Limits.MaxAuthoritiesBytes);
        if (!read.IsOk)
            return Parsed.Bad<Authorities>(read.Problem);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(read.Value);
        }
        catch (CryptographicException)
        {
            return Parsed.Bad<Authorities>("has a certificate that cannot be read; give a file of PEM certificates");
        }
        return certificates.Count > 0
            ? Parsed.Ok(new Authorities([.. certificates]))
            : Parsed.Bad<Authorities>("holds no certificate; give a file of PEM certificates (-----BEGIN CERTIFICATE-----)");
    }
}
