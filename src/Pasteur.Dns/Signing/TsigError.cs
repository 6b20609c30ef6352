namespace Pasteur.Dns.Signing;

/// <summary>What a server has against a signature (RFC 8945 section 3).</summary>
internal enum TsigError
{
    None = 0,
    BadSignature = 16,
    BadKey = 17,
    BadTime = 18,
    BadTruncation = 22,
}
