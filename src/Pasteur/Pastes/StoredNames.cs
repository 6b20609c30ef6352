using System.Globalization;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Pastes;

/// <summary>
/// Makes of shown names the names of files in the repository: a checkout holds them all on Linux, macOS and Windows, `git fsck`
/// has nothing to say, and no name reaches outside its folder or means something to Git.
/// </summary>
internal static class StoredNames
{
    /// <summary>Also what paste.json itself is called, which no file may take.</summary>
    public const string Metadata = "paste.json";

    // Windows: device names stay devices whatever extension follows.
    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "con", "prn", "aux", "nul", "conin$", "conout$", "clock$",
        "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "com¹", "com²", "com³",
        "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "lpt¹", "lpt²", "lpt³",
    };

    /// <summary>A name for each shown name, in their order.</summary>
    public static string[] For(IReadOnlyList<string> shownNames)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal) { TwinKey(Metadata) };
        var stored = new string[shownNames.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            var safe = Safe(shownNames[i]);
            stored[i] = safe;
            for (var number = 2; !taken.Add(TwinKey(stored[i])); number++) stored[i] = ShownNames.Numbered(safe, number);
        }
        return stored;
    }

    /// <summary>Whether a name from a repository's paste.json may be looked up: one segment, nothing that leads elsewhere.</summary>
    public static bool IsPlain(string name) => name is not ("" or "." or ".." or Metadata) && name.AsSpan().IndexOfAny('/', '\0') < 0;

    private static string Safe(string shown)
    {
        var name = new StringBuilder(shown.Length);
        foreach (var rune in shown.EnumerateRunes()) name.Append(IsSafe(rune) ? rune.ToString() : "_");

        // Windows drops dots and spaces at the end of a name, and shells read a leading dash as an option.
        if (name.Length == 0 || name[^1] is '.' or ' ') name.Append('_');
        if (name[0] is '-' or ' ') name[0] = '_';

        var safe = Shorten(name.ToString());
        var stem = safe.AsSpan(0, safe.IndexOf('.') is >= 0 and var dot ? dot : safe.Length).TrimEnd(' ');
        var isDevice = Devices.GetAlternateLookup<ReadOnlySpan<char>>().Contains(stem);
        // .git is the repository, .gitattributes would change bytes at checkout, .gitmodules is read by fsck.
        return isDevice || safe.StartsWith(".git", StringComparison.OrdinalIgnoreCase) ? "_" + safe : safe;
    }

    /// <summary>Not: what paths, Windows, short names (GIT~1) or a terminal understand, and what HFS+ ignores inside ".git".</summary>
    private static bool IsSafe(Rune rune)
    {
        if (rune.Value < 0x80) return rune.Value >= 0x20 && !"/\\<>:\"|?*~\u007F".Contains((char)rune.Value, StringComparison.Ordinal);
        return rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
            UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
            UnicodeCategory.SpaceSeparator);
    }

    /// <summary>Cuts the stem and keeps the ending, by whole characters.</summary>
    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= Limits.MaxStoredNameBytes) return name;
        var dot = name.LastIndexOf('.');
        var ending = dot > 0 && name.Length - dot <= 12 ? name[dot..] : "";
        var room = Limits.MaxStoredNameBytes - Encoding.UTF8.GetByteCount(ending);
        var stem = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0) break;
            stem.Append(rune);
        }
        return stem.ToString().TrimEnd('.', ' ') + ending;
    }

    /// <summary>
    /// Two names with the same key might be one file on some disk: they differ in case, or in how accents are composed. The program
    /// carries no Unicode tables (invariant globalization), so the key is coarser than it need be: every run of non-ASCII characters,
    /// with the letter that a combining mark sits on, counts as the same.
    /// </summary>
    private static string TwinKey(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.IsAscii) key.Append(char.ToLowerInvariant((char)rune.Value));
            else if (AsciiFold(rune) is { } ascii) key.Append(ascii);
            else
            {
                var isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
                if (isMark && key.Length > 0 && key[^1] != '?') key.Length--;
                if (key.Length == 0 || key[^1] != '?') key.Append('?');
            }
        }
        return key.ToString();
    }

    /// <summary>The characters outside ASCII that case folding or composition turns into ASCII (CaseFolding.txt, UnicodeData.txt).</summary>
    private static string? AsciiFold(Rune rune) => rune.Value switch
    {
        0xDF or 0x1E9E => "ss",
        0x17F => "s",
        0x212A => "k",
        0x37E => ";",
        0x1FEF => "`",
        0xFB00 => "ff",
        0xFB01 => "fi",
        0xFB02 => "fl",
        0xFB03 => "ffi",
        0xFB04 => "ffl",
        0xFB05 or 0xFB06 => "st",
        _ => null,
    };
}
