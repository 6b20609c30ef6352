using Pasteur.Resources;

namespace Pasteur.Pastes;

/// <summary>A language that a paste can be written in.</summary>
/// <param name="Id">What is stored and what stands in <c>?hl=</c>.</param>
/// <param name="Label">What people read.</param>
/// <param name="Extension">The ending of a file that has no name of its own.</param>
/// <param name="IsHighlighted">The browser has a grammar for it: an asset of this id (web/build.mjs).</param>
/// <param name="Aliases">Other endings and the names that paste clients use.</param>
internal sealed record Language(string Id, string Label, string Extension, bool IsHighlighted, string[] Aliases);

/// <summary>The languages that the form offers, and how clients spell them: read from languages.txt, which says its form.</summary>
internal static class Languages
{
    public static readonly IReadOnlyList<Language> All = Read();

    private static readonly Dictionary<string, Language> ByWord = All
        .SelectMany(language => language.Aliases.Append(language.Id).Append(language.Extension).Distinct(), (language, word) => (language, word))
        .ToDictionary(pair => pair.word, pair => pair.language, StringComparer.OrdinalIgnoreCase);

    /// <summary>What stands in a file that nothing more is known of.</summary>
    public static Language Text => All[0];

    /// <summary>The language that a client means by a name or a file's ending; null when it is not known or none was meant.</summary>
    public static Language? Find(string? word) => word is not null && ByWord.TryGetValue(word.Trim(), out var language) ? language : null;

    /// <summary>The language that a file's name speaks of: its ending, or all of it ("Makefile", "Dockerfile").</summary>
    public static Language? OfFile(string name) => Find(Path.GetExtension(name).TrimStart('.')) ?? Find(name);

    private static Language[] Read()
    {
        using var text = EmbeddedText.Open("languages.txt");
        var languages = new List<Language>();
        while (text.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            if (line.Split('|', StringSplitOptions.TrimEntries) is not [var id, var label, var extension, var modules, var aliases])
                throw new InvalidOperationException($"languages.txt: not five columns: {line}");
            languages.Add(new Language(id, label, extension, modules != "-", aliases.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }
        return [.. languages];
    }
}
