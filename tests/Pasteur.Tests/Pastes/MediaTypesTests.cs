using System.Text;
using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public class MediaTypesTests
{
    public static TheoryData<byte[], string> Kinds => new()
    {
        { [], "text/plain" },
        { "plain"u8.ToArray(), "text/plain" },
        { "é\t\r\n\u001B[1m"u8.ToArray(), "text/plain" },
        { "<html><script>alert(1)</script>"u8.ToArray(), "text/plain" },
        { "<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "text/plain" },
        { "%PDF-1.7"u8.ToArray(), "text/plain" },
        { "GIF89a=1;alert(1)"u8.ToArray(), "text/plain" },
        { [0xFF, 0xFE, (byte)'<', 0, (byte)'a', 0], "application/octet-stream" },
        { "a\0b"u8.ToArray(), "application/octet-stream" },
        { [0xE9], "application/octet-stream" },
        { [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13], "image/png" },
        { [0xFF, 0xD8, 0xFF, 0xE0, 0], "image/jpeg" },
        { [.. "GIF89a"u8, 1, 0, 1, 0, 0xFF], "image/gif" },
        { [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8], "image/webp" },
        { [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8], "application/octet-stream" },
        { [0xFF, .. Encoding.ASCII.GetBytes("<script>")], "application/octet-stream" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bytes_are_what_they_show(byte[] content, string mediaType) => Assert.Equal(mediaType, MediaTypes.Of(content));
}
