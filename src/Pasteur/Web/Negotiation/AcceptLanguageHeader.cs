namespace Pasteur.Web.Negotiation;

/// <summary>Reads the Accept-Language header (RFC 9110 section 12.5.4).</summary>
internal static class AcceptLanguageHeader
{
    /// <summary>
    /// Which of the languages that there are the client likes best, the first of equals; 0 when it names none of them. A range matches by
    /// its first part (RFC 4647 section 3.4): who reads the French of Canada reads that of anywhere.
    /// </summary>
    /// <param name="languages">Two letters each.</param>
    public static int Best(HttpRequest request, ReadOnlySpan<string> languages)
    {
        var best = (Index: 0, Weight: 0.0);
        foreach (var line in request.Headers.AcceptLanguage)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var range = WeightedItem.Next(ref rest);
                if (range.Weight > best.Weight && IndexOf(range.Name, languages) is >= 0 and var index) best = (index, range.Weight);
            }
        }
        return best.Index;
    }

    private static int IndexOf(ReadOnlySpan<char> range, ReadOnlySpan<string> languages)
    {
        var hyphen = range.IndexOf('-');
        var primary = hyphen < 0 ? range : range[..hyphen];
        for (var i = 0; i < languages.Length; i++)
        {
            if (primary.Equals(languages[i], StringComparison.OrdinalIgnoreCase)) return i;
        }
        return -1;
    }
}
