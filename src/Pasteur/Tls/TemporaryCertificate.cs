using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pasteur.Tls;

/// <summary>
/// What is served until there is a certificate: signed by itself, so that no browser takes it for one, and health can be asked over TLS
/// all the same.
/// </summary>
internal static class TemporaryCertificate
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(365);

    public static ServedCertificate Make(DateTimeOffset now)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Pasteur: the certificate has not come yet", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + s_lifetime);
        return ServedCertificate.Of([X509CertificateLoader.LoadCertificate(certificate.RawData)], key);
    }
}
