using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Web.Requests;

/// <summary>
/// The header of a part: of its lines only this one matters (RFC 7578 section 4.2, HTML section 4.10.21.8):
/// <code>
/// Content-Disposition: form-data; name="…"; filename="…"
/// </code>
/// Browsers write a quote inside as %22 and line ends as %0D %0A; older curls write \" and \\. Text is UTF-8.
/// </summary>
/// <param name="FileName">Null when the part is no file; empty when the browser's file control was left alone.</param>
internal sealed record PartHeader(string Name, string? FileName)
{
    /// <summary>Reads lines up to the empty one. Null when they are too many, too long, unended or without a name.</summary>
    /// <param name="length">How many bytes they are, with the line end before them and the empty line.</param>
    public static PartHeader? Read(ReadOnlySpan<byte> part, out int length)
    {
        length = 0;
        var window = part[..Math.Min(part.Length, Limits.MaxPartHeaderBytes)];
        // After a boundary, padding may stand before the end of its line.
        var start = window.IndexOf("\r\n"u8);
        if (start < 0 || window[..start].ContainsAnyExcept((byte)' ', (byte)'\t')) return null;
        var lines = window[(start + 2)..];
        PartHeader? header = null;
        length = start + 2;
        while (true)
        {
            var end = lines.IndexOf("\r\n"u8);
            if (end < 0) return null;
            var line = lines[..end];
            lines = lines[(end + 2)..];
            length += end + 2;
            if (line.IsEmpty) return header;
            if (line.ContainsAny((byte)0, (byte)'\r', (byte)'\n')) return null;
            var colon = line.IndexOf((byte)':');
            if (colon <= 0) return null;
            if (!Ascii.EqualsIgnoreCase(line[..colon], "content-disposition"u8)) continue;
            // Two of them could be read differently by whoever stands before this server.
            if (header is not null) return null;
            header = Disposition(Encoding.UTF8.GetString(line[(colon + 1)..]));
            if (header is null) return null;
        }
    }

    private static PartHeader? Disposition(ReadOnlySpan<char> value)
    {
        var semicolon = value.IndexOf(';');
        if (semicolon < 0 || !value[..semicolon].Trim().Equals("form-data", StringComparison.OrdinalIgnoreCase)) return null;
        string? name = null;
        string? fileName = null;
        var rest = value[semicolon..];
        while (!rest.IsEmpty)
        {
            if (rest[0] != ';') return null;
            rest = rest[1..].TrimStart(' ');
            var equals = rest.IndexOf('=');
            if (equals < 0) return rest.IsEmpty && name is not null ? new PartHeader(name, fileName) : null;
            var parameter = rest[..equals].Trim();
            if (Value(rest[(equals + 1)..], out var consumed) is not { } text) return null;
            rest = rest[(equals + 1 + consumed)..].TrimStart(' ');
            if (parameter.Equals("name", StringComparison.OrdinalIgnoreCase)) name ??= text;
            else if (parameter.Equals("filename", StringComparison.OrdinalIgnoreCase)) fileName ??= text;
        }
        return name is null ? null : new PartHeader(name, fileName);
    }

    /// <summary>A token up to the next semicolon, or a quoted string.</summary>
    private static string? Value(ReadOnlySpan<char> text, out int consumed)
    {
        consumed = 0;
        if (text.IsEmpty || text[0] != '"')
        {
            var end = text.IndexOf(';');
            consumed = end < 0 ? text.Length : end;
            return text[..consumed].Trim().ToString();
        }
        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                consumed = i + 1;
                return value.Replace("%22", "\"").Replace("%0D", "\r").Replace("%0A", "\n").ToString();
            }
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\') i++;
            if (i < text.Length) value.Append(text[i]);
        }
        return null;
    }
}
