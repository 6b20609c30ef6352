using System.Buffers;

namespace Pasteur.Pastes;

/// <summary>The characters of ids, prepared for vectorised searches.</summary>
internal static class IdCharacters
{
    public static readonly SearchValues<char> Values = SearchValues.Create(PasteId.Alphabet);

    /// <summary>What the ids of the OCaml Pasteur are made of.</summary>
    public static readonly SearchValues<char> LegacyValues =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}
