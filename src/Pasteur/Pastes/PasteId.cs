using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pasteur.Configuration;

namespace Pasteur.Pastes;

/// <summary>
/// The name of a paste: 3 to 32 characters of lower-case Crockford base32 (digits and letters without i, l, o, u), and no word that
/// a route, a client or an operating system uses. What is not spelled exactly so is no id: nothing is corrected or decoded.
/// </summary>
internal readonly record struct PasteId
{
    public const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    public const int FewestLevels = 3, MostLevels = 4;

    private readonly string _text;

    private PasteId(string text) => _text = text;

    /// <summary>Where the paste lies in the tree: its first three characters fan it out, one a level; a fourth, when it is as long as ids of a large site.</summary>
    public string Folder => LevelsFor(Length) == FewestLevels ? $"{_text[0]}/{_text[1]}/{_text[2]}/{_text}" : $"{_text[0]}/{_text[1]}/{_text[2]}/{_text[3]}/{_text}";

    /// <summary>How many levels an id of this length lies below.</summary>
    public static int LevelsFor(int length) => length < Limits.LargeIdLength ? FewestLevels : MostLevels;

    /// <summary>Whether a folder at this depth is a paste's: no id is as short as the name of a level.</summary>
    /// <param name="depth">Folders above it.</param>
    public static bool IsFolder(string name, int depth) => name.Length > 1 && depth is FewestLevels or MostLevels;

    public int Length => _text.Length;

    public static bool TryParse([NotNullWhen(true)] string? text, out PasteId id)
    {
        id = default;
        if (text is null || text.Length is < Limits.ShortestIdLength or > Limits.LongestIdLength) return false;
        if (text.AsSpan().ContainsAnyExcept(IdCharacters.Values) || ReservedWords.Contains(text)) return false;
        id = new PasteId(text);
        return true;
    }

    /// <summary>Draws an id from the system's cryptographic generator, every one of its length equally likely.</summary>
    public static PasteId Draw(int length)
    {
        while (true)
        {
            if (TryParse(RandomNumberGenerator.GetString(Alphabet, length), out var id)) return id;
        }
    }

    public override string ToString() => _text;
}
