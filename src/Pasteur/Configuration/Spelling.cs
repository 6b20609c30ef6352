namespace Pasteur.Configuration;

/// <summary>Guesses what a mistyped word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The nearest candidate by edit distance (Levenshtein), or null when none is near.</summary>
    public static string? Closest(string word, IReadOnlyList<string> candidates)
    {
        const int longestWorthGuessing = 40;
        if (word.Length > longestWorthGuessing)
            return null;
        var (best, distance) = candidates.Select(c => (c, Distance(word, c))).MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, word.TrimStart('-').Length / 3) ? best : null;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
