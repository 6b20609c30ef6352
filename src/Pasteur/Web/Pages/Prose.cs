using System.Text;
using Microsoft.AspNetCore.Html;

namespace Pasteur.Web.Pages;

/// <summary>
/// Makes HTML of a text of web/words in which a few marks stand, as people write them:
/// <code>
/// `a`         code              *a*        stressed          [[a]]      a key of the keyboard
/// [a](name)   a link to the address given as that value      {name}     a value, whatever is in it
/// </code>
/// Everything else is text, and so is every value.
/// </summary>
internal static class Prose
{
    public static HtmlString Html(string text, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var html = new StringBuilder();
        var rest = text.AsSpan();
        while (rest.IndexOfAny("`*[{") is >= 0 and var at)
        {
            Append(html, rest[..at]);
            rest = rest[at..];
            switch (rest[0])
            {
                case '`': Append(html, "code", Inside(ref rest, "`", "`"), values); break;
                case '*': Append(html, "em", Inside(ref rest, "*", "*"), values); break;
                case '{': Append(html, ValueOf(Inside(ref rest, "{", "}"), values)); break;
                default: AppendBracket(html, ref rest, values); break;
            }
        }
        Append(html, rest);
        return new HtmlString(html.ToString());
    }

    private static void AppendBracket(StringBuilder html, ref ReadOnlySpan<char> rest, scoped ReadOnlySpan<(string Name, string Value)> values)
    {
        if (rest.StartsWith("[["))
        {
            Append(html, "kbd", Inside(ref rest, "[[", "]]"), values);
            return;
        }
        var text = Inside(ref rest, "[", "](");
        html.Append("<a href=\"");
        Append(html, ValueOf(Inside(ref rest, "", ")"), values));
        html.Append("\">");
        Append(html, text);
        html.Append("</a>");
    }

    private static void Append(StringBuilder html, string element, ReadOnlySpan<char> text, ReadOnlySpan<(string Name, string Value)> values)
    {
        html.Append('<').Append(element).Append('>');
        if (text is ['{', .. var name, '}']) text = ValueOf(name, values);
        Append(html, text);
        html.Append("</").Append(element).Append('>');
    }

    private static void Append(StringBuilder html, ReadOnlySpan<char> text) => html.Append(PageRenderer.Encoder.Encode(text.ToString()));

    /// <summary>What stands between a mark and the one that ends it; the rest begins behind that.</summary>
    private static ReadOnlySpan<char> Inside(ref ReadOnlySpan<char> rest, string open, string close)
    {
        var inside = rest[open.Length..];
        var end = inside.IndexOf(close);
        if (end < 0) throw new FormatException($"A text of web/words has {open} without {close}.");
        rest = inside[(end + close.Length)..];
        return inside[..end];
    }

    private static string ValueOf(ReadOnlySpan<char> name, ReadOnlySpan<(string Name, string Value)> values)
    {
        foreach (var value in values)
        {
            if (name.SequenceEqual(value.Name)) return value.Value;
        }
        throw new FormatException($"A text of web/words has a placeholder {{{name}}} that no page gives a value.");
    }
}
