using System.IO.Compression;
using Pasteur.Web.Answers;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Assets;

/// <summary>
/// One embedded file. Only its Brotli coding is in the program, which nearly every client takes; the others are made of it when the first
/// client asks.
/// </summary>
/// <param name="hashedName">Stands for the content: its entity tag.</param>
internal sealed class Asset(string hashedName, string contentType, Func<byte[]> readBrotli)
{
    private readonly Lazy<PreparedAnswer> _brotli = new(() => Prepare(hashedName, contentType, readBrotli(), ContentCoding.Brotli));

    private readonly Lazy<PreparedAnswer> _gzip = new(() =>
        Prepare(hashedName, contentType, Compressor.Compress(Inflate(readBrotli()), ContentCoding.Gzip), ContentCoding.Gzip));

    private readonly Lazy<PreparedAnswer> _plain = new(() => Prepare(hashedName, contentType, Inflate(readBrotli()), ContentCoding.None));

    public PreparedAnswer In(ContentCoding coding) => coding switch
    {
        ContentCoding.None => _plain.Value,
        ContentCoding.Gzip => _gzip.Value,
        ContentCoding.Brotli => _brotli.Value,
    };

    private static byte[] Inflate(byte[] brotli)
    {
        using var plain = new MemoryStream(brotli.Length * 4);
        using (var decoder = new BrotliStream(new MemoryStream(brotli), CompressionMode.Decompress)) decoder.CopyTo(plain);
        return plain.ToArray();
    }

    private static PreparedAnswer Prepare(string tag, string contentType, byte[] body, ContentCoding coding) => new(tag, body, coding)
    {
        ContentType = contentType,
        CacheControl = CachePolicy.Immutable,
    };
}
