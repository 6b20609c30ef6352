using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pasteur.Web.Answers;
using Pasteur.Web.Negotiation;

namespace Pasteur.Tests.Web.Negotiation;

public class ContentCodingTests
{
    [Theory]
    [InlineData("", "None")]
    [InlineData("gzip, deflate, br, zstd", "Brotli")]
    [InlineData("gzip", "Gzip")]
    [InlineData("GZIP;q=0.1", "Gzip")]
    [InlineData("br;q=0, gzip", "Gzip")]
    [InlineData("br;q=0.0,gzip;q=0", "None")]
    [InlineData("identity", "None")]
    [InlineData("*", "None")]
    [InlineData("brr, xgzip", "None")]
    public void The_best_that_the_client_takes_is_chosen(string header, string coding)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptEncoding = header;

        Assert.Equal(coding, AcceptEncodingHeader.Best(context.Request).ToString());
    }

    [Fact]
    public void What_is_compressed_comes_back()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("paste é ", 500)));

        Assert.Equal(text, Read(new GZipStream(new MemoryStream(Compressor.Compress(text, ContentCoding.Gzip)), CompressionMode.Decompress)));
        Assert.Equal(text, Read(new BrotliStream(new MemoryStream(Compressor.Compress(text, ContentCoding.Brotli)), CompressionMode.Decompress)));
        Assert.Equal(text, Compressor.Compress(text, ContentCoding.None));
    }

    private static byte[] Read(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
