using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pasteur.Acme;

/// <summary>The request for a certificate (RFC 2986) as RFC 8555, section 7.4 wants it: all names as subjectAltName, no subject.</summary>
internal static class SigningRequest
{
    /// <summary>DER.</summary>
    public static byte[] Create(IReadOnlyList<AcmeIdentifier> identifiers, AsymmetricAlgorithm key)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var identifier in identifiers)
        {
            if (identifier.IsAddress)
                names.AddIpAddress(IPAddress.Parse(identifier.Value));
            else
                names.AddDnsName(identifier.Value);
        }
        var nobody = new X500DistinguishedName("");
        var request = key switch
        {
            ECDsa ec => new CertificateRequest(nobody, ec, HashAlgorithmName.SHA256),
            RSA rsa => new CertificateRequest(nobody, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => throw new CryptographicException("a certificate's key is ECDSA or RSA"),
        };
        request.CertificateExtensions.Add(names.Build(critical: true));
        return request.CreateSigningRequest();
    }
}
