using System.Globalization;
using System.Text;

namespace Pasteur.Client;

/// <summary>Makes text of others fit for a terminal.</summary>
internal static class ShownText
{
    /// <summary>One line without what steers a terminal or turns the direction of text; null when nothing is left.</summary>
    public static string? Line(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t') line.Append(' ');
            else if (!IsSteering(rune)) line.Append(rune);
        }
        var clean = line.ToString().Trim();
        return clean.Length == 0 ? null : clean;
    }

    public static bool IsSteering(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
