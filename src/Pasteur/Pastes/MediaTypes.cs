using System.Text.Unicode;

namespace Pasteur.Pastes;

/// <summary>
/// The few media types that pasted bytes can have. Only these are ever served: HTML, SVG and scripts are text, and so they stay
/// text in a browser.
/// </summary>
internal static class MediaTypes
{
    public const string Text = "text/plain";
    public const string Binary = "application/octet-stream";

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    public static string Of(ReadOnlySpan<byte> content)
    {
        if (!content.Contains((byte)0) && Utf8.IsValid(content)) return Text;
        if (content.StartsWith(PngSignature)) return "image/png";
        if (content.StartsWith(JpegSignature)) return "image/jpeg";
        if (content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8)) return "image/gif";
        if (content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8)) return "image/webp";
        return Binary;
    }

    public static bool IsImage(string mediaType) => mediaType.StartsWith("image/", StringComparison.Ordinal);
}
