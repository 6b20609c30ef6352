using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;

namespace Pasteur.Acme;

/// <summary>How a certificate is named to the authority (RFC 9773, section 4.1): <c>base64url(key identifier) "." base64url(serial)</c>.</summary>
internal static class AriCertificateId
{
    private const string AuthorityKeyIdentifier = "2.5.29.35";

    /// <returns>Null when the certificate says nothing of its issuer's key.</returns>
    public static string? Of(X509Certificate2 certificate)
    {
        if (certificate.Extensions[AuthorityKeyIdentifier] is not { } extension)
            return null;
        var issuer = extension as X509AuthorityKeyIdentifierExtension ?? new X509AuthorityKeyIdentifierExtension(extension.RawData, extension.Critical);
        // The serial as DER has it: with the zero byte before a number whose first bit is set.
        return issuer.KeyIdentifier is { } key ? $"{Base64Url.EncodeToString(key.Span)}.{Base64Url.EncodeToString(certificate.SerialNumberBytes.Span)}" : null;
    }
}
