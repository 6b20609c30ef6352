using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Web.Requests;

/// <summary>
/// Reads an application/x-www-form-urlencoded body (URL Standard, section 5.1), in one pass and in place:
/// <code>
/// name=value&amp;name=value…        + is a space, %XX a byte; a value keeps every byte that it had
/// </code>
/// </summary>
internal static class UrlEncodedForm
{
    private const int LongestFieldName = 64;

    /// <summary>
    /// Whether a body is a form, and not the raw text of <c>curl --data-binary @-</c>, which curl sends under the same type. It is
    /// when its first field is one that this site knows; and unless that is a name that no text begins with by chance, nothing in
    /// it may be what an encoder never leaves as it is: ends of lines, tabs.
    /// </summary>
    public static bool LooksLikeForm(ReadOnlySpan<byte> body)
    {
        var end = body.IndexOfAny((byte)'=', (byte)'&');
        if (end <= 0 || end > LongestFieldName || body[end] != '=') return false;
        Span<char> name = stackalloc char[LongestFieldName];
        if (!TryDecodeName(body[..end], name, out var length) || FieldNames.Role(name[..length]) is null) return false;
        return name[..length] is "paste" or "sprunge" or "f:1" || body.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0;
    }

    /// <summary>Decodes the body in place; the form's values are slices of it.</summary>
    public static void Read(Memory<byte> body, PasteForm form)
    {
        Span<char> name = stackalloc char[LongestFieldName];
        var fields = 0;
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'&');
            var field = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (field.IsEmpty) continue;
            if (++fields > Limits.MaxFormFields)
            {
                form.Refuse(PasteForm.TooManyFields);
                return;
            }
            var equals = field.Span.IndexOf((byte)'=');
            var encodedName = equals < 0 ? field : field[..equals];
            if (!TryDecodeName(encodedName.Span, name, out var length))
            {
                form.Refuse(words => words["refused.field-name"]);
                return;
            }
            var value = equals < 0 ? default : field[(equals + 1)..];
            form.AddField(name[..length], value[..Decode(value.Span)]);
        }
    }

    /// <summary>Decodes in place and answers the new length. A % without two digits stands for itself, as browsers have it.</summary>
    public static int Decode(Span<byte> text)
    {
        var read = text.IndexOfAny((byte)'%', (byte)'+');
        if (read < 0) return text.Length;
        var write = read;
        while (read < text.Length)
        {
            var next = text[read];
            if (next == '+')
            {
                text[write++] = (byte)' ';
                read++;
            }
            else if (next == '%' && read + 2 < text.Length && TryHex(text[read + 1], text[read + 2], out var value))
            {
                text[write++] = value;
                read += 3;
            }
            else
            {
                var run = text[(read + 1)..].IndexOfAny((byte)'%', (byte)'+');
                run = run < 0 ? text.Length - read : run + 1;
                text.Slice(read, run).CopyTo(text[write..]);
                write += run;
                read += run;
            }
        }
        return write;
    }

    private static bool TryHex(byte high, byte low, out byte value)
    {
        value = 0;
        if (!char.IsAsciiHexDigit((char)high) || !char.IsAsciiHexDigit((char)low)) return false;
        value = (byte)((Digit(high) << 4) | Digit(low));
        return true;

        static int Digit(byte ascii) => ascii <= '9' ? ascii - '0' : (ascii | 0x20) - 'a' + 10;
    }

    private static bool TryDecodeName(ReadOnlySpan<byte> encoded, Span<char> name, out int length)
    {
        Span<byte> bytes = stackalloc byte[LongestFieldName];
        length = 0;
        if (encoded.Length > bytes.Length) return false;
        encoded.CopyTo(bytes);
        var decoded = bytes[..Decode(bytes[..encoded.Length])];
        return System.Text.Unicode.Utf8.IsValid(decoded) && Encoding.UTF8.TryGetChars(decoded, name, out length);
    }
}
