using System.Globalization;
using System.Text;

namespace Pasteur.Git.Protocol;

/// <summary>Words from a server, made safe to log and to show: one line, bounded, nothing that steers a terminal.</summary>
public static class RemoteText
{
    public static string Clean(string text) => Clean(Encoding.UTF8.GetBytes(text));

    public static string Clean(ReadOnlySpan<byte> bytes)
    {
        var cut = bytes.Length > GitLimits.MaxRemoteMessageBytes;
        if (cut) bytes = bytes[..GitLimits.MaxRemoteMessageBytes];
        var text = new StringBuilder(bytes.Length);
        foreach (var rune in Encoding.UTF8.GetString(bytes).EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or '\r') text.Append(' ');
            else if (IsPlain(rune)) text.Append(rune);
            else if (text.Length == 0 || text[^1] != '?') text.Append('?');
        }
        return text.ToString().Trim() + (cut ? " [cut]" : "");
    }

    // Control covers the escape that starts a terminal sequence; Format covers the bidirectional overrides.
    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
