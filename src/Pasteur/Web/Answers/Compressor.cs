using System.IO.Compression;
using Pasteur.Configuration;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Answers;

/// <summary>Compresses bodies in memory. They are kept, so it costs once for many readers.</summary>
internal static class Compressor
{
    /// <summary>The coding in which a body of this size is worth sending to a client that takes <paramref name="best"/>.</summary>
    public static ContentCoding Worthwhile(ContentCoding best, int bytes) =>
        bytes < Limits.SmallestCompressedBytes ? ContentCoding.None : best;

    public static byte[] Compress(ReadOnlyMemory<byte> body, ContentCoding coding)
    {
        if (coding == ContentCoding.None) return body.ToArray();
        var compressed = new MemoryStream(body.Length / 2);
        using (Stream encoder = coding == ContentCoding.Brotli
            ? new BrotliStream(compressed, new BrotliCompressionOptions { Quality = Limits.BrotliQuality }, leaveOpen: true)
            : new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            encoder.Write(body.Span);
        }
        return compressed.ToArray();
    }
}
