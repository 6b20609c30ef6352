using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Pastes;

/// <summary>Makes of what a client calls a file the name that pages show and URLs hold.</summary>
internal static class ShownNames
{
    /// <summary>The name of a file that has none, in no language that is known.</summary>
    public const string Unnamed = Default + ".txt";

    private const string Default = "paste";

    /// <summary>One clean name for each file, no two alike.</summary>
    public static string[] For(NewPaste paste)
    {
        var fallback = $"{Default}.{Languages.Find(paste.Language)?.Extension ?? "txt"}";
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. paste.Files.Select(file => Unique(Clean(file.Name) ?? fallback, taken))];
    }

    /// <summary>
    /// The last segment of a path, without characters that steer a terminal or turn the direction of text; null when nothing of a
    /// name is left. curl calls its standard input "-", which is no name.
    /// </summary>
    public static string? Clean(string? given)
    {
        if (given is null) return null;
        var segment = given.AsSpan(given.LastIndexOfAny(['/', '\\']) + 1);
        var clean = new StringBuilder(Math.Min(segment.Length, Limits.MaxFileNameLength));
        foreach (var rune in segment.EnumerateRunes())
        {
            if (clean.Length >= Limits.MaxFileNameLength) break;
            if (!CleanText.IsSteering(rune)) clean.Append(rune);
        }
        var name = clean.ToString().Trim();
        return name is "" or "." or ".." or "-" ? null : name;
    }

    /// <summary>A name with a number before its ending: "a.txt" and 2 make "a-2.txt".</summary>
    public static string Numbered(string name, int number)
    {
        var dot = name.LastIndexOf('.');
        return dot <= 0 ? $"{name}-{number}" : $"{name[..dot]}-{number}{name[dot..]}";
    }

    public static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++) unique = Numbered(name, number);
        return unique;
    }
}
