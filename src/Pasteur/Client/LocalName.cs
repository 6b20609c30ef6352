using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>Makes of the name of a pasted file one for a file of this machine: in its folder, seen by ls, no option of a command.</summary>
internal static class LocalName
{
    private const string Nameless = "paste";

    /// <summary>A name for each, no two alike.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> names)
    {
        // Some disks do not tell A from a.
        var taken = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        return [.. names.Select(name => Unique(Safe(name), taken))];
    }

    private static string Safe(string given)
    {
        var name = new StringBuilder();
        var room = Limits.MaxSavedNameBytes;
        foreach (var rune in given.AsSpan(given.LastIndexOfAny(['/', '\\']) + 1).EnumerateRunes())
        {
            if (ShownText.IsSteering(rune) || rune == Rune.ReplacementChar) continue;
            if ((room -= rune.Utf8SequenceLength) < 0) break;
            name.Append(rune);
        }
        var safe = name.ToString().Trim();
        if (safe.Trim('.').Length == 0) return Nameless;
        // What begins with a dot may be read by a shell at its next start.
        return safe[0] is '.' or '-' or '~' ? "_" + safe : safe;
    }

    /// <param name="taken">Each name with the last number that it was given: whoever calls ten thousand files alike makes nobody search for long.</param>
    private static string Unique(string name, Dictionary<string, int> taken)
    {
        if (taken.TryAdd(name, 1)) return name;
        string unique;
        var number = taken[name];
        do unique = $"{Path.GetFileNameWithoutExtension(name)}-{++number}{Path.GetExtension(name)}";
        while (!taken.TryAdd(unique, 1));
        taken[name] = number;
        return unique;
    }
}
