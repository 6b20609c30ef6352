namespace Pasteur.Web.Negotiation;

/// <summary>How a body is compressed on the wire (RFC 9110 section 8.4.1).</summary>
internal enum ContentCoding
{
    None,
    Gzip,
    Brotli,
}
