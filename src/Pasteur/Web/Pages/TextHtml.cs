using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pasteur.Web.Pages;

/// <summary>Makes HTML of pasted text, byte by byte: nothing in it can open or close a tag, or begin a character reference.</summary>
internal static class TextHtml
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("&<>\""u8);

    public static EscapedText Plain(ReadOnlySpan<byte> utf8)
    {
        var html = new ArrayBufferWriter<byte>(utf8.Length + (utf8.Length / 16) + 16);
        Escape(utf8, html);
        return new EscapedText(html.WrittenMemory);
    }

    /// <summary>
    /// Every line in an element of its own with a link to itself before it. <paramref name="prefix"/> keeps the anchors of several
    /// files on one page apart.
    /// </summary>
    public static EscapedText Numbered(ReadOnlySpan<byte> utf8, string prefix)
    {
        var html = new ArrayBufferWriter<byte>((utf8.Length * 2) + 64);
        for (var number = 1; !utf8.IsEmpty; number++)
        {
            var end = utf8.IndexOf((byte)'\n');
            var line = end < 0 ? utf8 : utf8[..end];
            utf8 = end < 0 ? [] : utf8[(end + 1)..];
            Append(html, string.Create(CultureInfo.InvariantCulture, $"<span id=\"{prefix}{number}\"><a href=\"#{prefix}{number}\">{number}</a>"));
            Escape(line, html);
            html.Write("\n</span>"u8);
        }
        return new EscapedText(html.WrittenMemory);
    }

    public static int CountLines(ReadOnlySpan<byte> utf8) =>
        utf8.Count((byte)'\n') + (utf8.IsEmpty || utf8[^1] == '\n' ? 0 : 1);

    private static void Escape(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> html)
    {
        while (true)
        {
            var next = text.IndexOfAny(Special);
            html.Write(next < 0 ? text : text[..next]);
            if (next < 0) return;
            html.Write(text[next] switch
            {
                (byte)'&' => "&amp;"u8,
                (byte)'<' => "&lt;"u8,
                (byte)'>' => "&gt;"u8,
                _ => "&quot;"u8,
            });
            text = text[(next + 1)..];
        }
    }

    private static void Append(ArrayBufferWriter<byte> html, string ascii)
    {
        var room = html.GetSpan(ascii.Length);
        html.Advance(Encoding.UTF8.GetBytes(ascii, room));
    }
}
