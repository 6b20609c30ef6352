namespace Pasteur.Pastes;

/// <summary>
/// Words spelled with the letters of ids that must never be one: routes of this site now or later, paths that browsers, crawlers and
/// paste clients ask for, and names that a Windows checkout cannot hold (its device names with an i, l, o or u are no ids anyway).
/// </summary>
internal static class ReservedWords
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        // routes of this site, now or later
        "assets", "create", "embed", "events", "feed", "get", "json", "keys", "new", "paste", "pastes", "patch", "raw", "readyz",
        "search", "secret", "send", "share", "stats", "tags", "tar", "terms", "text",
        // what browsers, crawlers and probes ask of any site
        "css", "rest", "rss", "server", "www", "xml",
        // Git, and Windows devices
        "refs", "prn",
    };

    public static bool Contains(string word) => Words.Contains(word);
}
