using System.Globalization;
using System.Text;

namespace Pasteur.Pastes;

/// <summary>Takes out of names and comments what steers a terminal, breaks a line or turns the direction of the text around it.</summary>
internal static class CleanText
{
    /// <summary>One line for people to read; null when nothing is left.</summary>
    public static string? Line(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return Clean(text, keepLines: false);
    }

    /// <summary>Like <see cref="Line"/>, but lines stay lines.</summary>
    public static string? Lines(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return Clean(text.ReplaceLineEndings("\n"), keepLines: true);
    }

    /// <summary>Controls, ends of lines, bidirectional marks and overrides, invisible spaces. Joiners stay: emoji and Persian need them.</summary>
    public static bool IsSteering(Rune rune) =>
        rune.Value is 0x61C or 0x200B or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0xFEFF ||
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string? Clean(string text, bool keepLines)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' && keepLines) clean.Append('\n');
            else if (rune.Value is '\t' or '\n' or '\r') clean.Append(' ');
            else if (!IsSteering(rune)) clean.Append(rune);
        }
        var result = clean.ToString().Trim();
        return result.Length == 0 ? null : result;
    }
}
