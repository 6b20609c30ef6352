using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Acme;

/// <summary>A challenge that waits for its answer.</summary>
/// <param name="Identifier">The name that it is about; with "*." when the wildcard is asked for.</param>
/// <param name="Token">base64url, at least 22 characters with an authority that follows the RFC. Safe in a path.</param>
/// <param name="KeyAuthorization">What http-01 serves (RFC 8555, section 8.3).</param>
public sealed record PendingChallenge(AcmeIdentifier Identifier, string Token, string KeyAuthorization)
{
    /// <summary>What tls-alpn-01 puts into a certificate (RFC 8737, section 3).</summary>
    public byte[] Digest => SHA256.HashData(Encoding.ASCII.GetBytes(KeyAuthorization));

    /// <summary>The name of the TXT record of dns-01 (RFC 8555, section 8.4).</summary>
    public string DnsName => "_acme-challenge." + Identifier.BaseName;

    /// <summary>The content of that record.</summary>
    public string DnsText => Base64Url.EncodeToString(Digest);
}
