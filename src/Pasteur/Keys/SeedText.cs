namespace Pasteur.Keys;

/// <summary>What makes a text a secret that keys can be made of. The words hold nothing of it.</summary>
internal static class SeedText
{
    public const int ShortestToken = 20;
    public const int LongestText = 1000;

    /// <summary>Continues a sentence; null when there is none.</summary>
    public static string? Problem(string text, string token) =>
        token.Length < ShortestToken
            ? $"is too short for a secret; give one of at least {ShortestToken} characters (pasteur keygen makes them)"
            : text.Length > LongestText || token.Any(c => c is <= ' ' or > '~')
                ? $"has a space or a character beyond ASCII in it, or more than {LongestText} characters; pasteur keygen makes good ones"
                : null;
}
