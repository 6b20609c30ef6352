using System.Buffers;
using System.Text.Unicode;

namespace Pasteur.Web.Pages;

/// <summary>
/// Makes HTML of pasted text, byte by byte: nothing in it can open or close a tag, begin a character reference, or turn around what
/// stands beside it. The text that a browser reads out of it is the pasted text exactly.
/// </summary>
internal static class TextHtml
{
    private const int MaxLineStartBytes = 96;

    /// <summary>
    /// Bytes that are not always themselves. A parser makes a carriage return a line feed unless it comes as a reference
    /// (HTML section 13.2.3.5). E2 begins the characters that change direction, and many that don't.
    /// </summary>
    private static readonly SearchValues<byte> Special = SearchValues.Create([(byte)'&', (byte)'<', (byte)'>', (byte)'"', (byte)'\r', 0xE2]);

    private static ReadOnlySpan<byte> MarkStart => "<bdi>"u8;

    /// <summary>For a text area: there, tags are text, and so direction characters stand as they are.</summary>
    public static EscapedText ForTextArea(ReadOnlySpan<byte> utf8)
    {
        var html = WriterFor(utf8.Length + (utf8.Length / 16));
        Escape(utf8, html, marksDirection: false);
        return new EscapedText(html.WrittenMemory);
    }

    public static EscapedText Plain(ReadOnlySpan<byte> utf8)
    {
        var html = WriterFor(utf8.Length + (utf8.Length / 16));
        Escape(utf8, html, marksDirection: true);
        return new EscapedText(html.WrittenMemory);
    }

    /// <summary>
    /// Every line in an element of its own with a link to itself before it. <paramref name="prefix"/> keeps the anchors of several
    /// files on one page apart.
    /// </summary>
    public static EscapedText Numbered(ReadOnlySpan<byte> utf8, string prefix)
    {
        var html = WriterFor(utf8.Length * 2);
        for (var number = 1; !utf8.IsEmpty; number++)
        {
            var end = utf8.IndexOf((byte)'\n');
            var line = end < 0 ? utf8 : utf8[..(end + 1)];
            utf8 = utf8[line.Length..];
            Utf8.TryWrite(html.GetSpan(MaxLineStartBytes), $"<span id=\"{prefix}{number}\"><a href=\"#{prefix}{number}\">{number}</a>", out var written);
            html.Advance(written);
            Escape(line, html, marksDirection: true);
            html.Write("</span>"u8);
        }
        return new EscapedText(html.WrittenMemory);
    }

    /// <summary>Whether characters are marked in it that change the direction of text.</summary>
    public static bool HasMarks(EscapedText html) => html.Utf8.Span.IndexOf(MarkStart) >= 0;

    public static int CountLines(ReadOnlySpan<byte> utf8) =>
        utf8.Count((byte)'\n') + (utf8.IsEmpty || utf8[^1] == '\n' ? 0 : 1);

    private static ArrayBufferWriter<byte> WriterFor(int expectedBytes) => new(expectedBytes + MaxLineStartBytes);

    /// <summary>One line among others.</summary>
    public static void AppendTo(ArrayBufferWriter<byte> html, ReadOnlySpan<byte> utf8) => Escape(utf8, html, marksDirection: true);

    private static void Escape(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> html, bool marksDirection)
    {
        while (text.IndexOfAny(Special) is >= 0 and var next)
        {
            html.Write(text[..next]);
            text = text[next..];
            var length = 1;
            switch (text[0])
            {
                case (byte)'&': html.Write("&amp;"u8); break;
                case (byte)'<': html.Write("&lt;"u8); break;
                case (byte)'>': html.Write("&gt;"u8); break;
                case (byte)'"': html.Write("&quot;"u8); break;
                case (byte)'\r': html.Write("&#13;"u8); break;
                default:
                    length = marksDirection && TurnsDirection(text) ? 3 : 1;
                    if (length == 3) html.Write(MarkStart);
                    html.Write(text[..length]);
                    if (length == 3) html.Write("</bdi>"u8);
                    break;
            }
            text = text[length..];
        }
        html.Write(text);
    }

    /// <summary>
    /// U+202A to U+202E and U+2066 to U+2069, with which a text can be made to look like another. Alone inside a &lt;bdi&gt; such a
    /// character reaches nothing, and the style sheet makes it visible.
    /// </summary>
    private static bool TurnsDirection(ReadOnlySpan<byte> text) =>
        text is [0xE2, 0x80, >= 0xAA and <= 0xAE, ..] or [0xE2, 0x81, >= 0xA6 and <= 0xA9, ..];
}
