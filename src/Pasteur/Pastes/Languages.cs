using System.Collections.Frozen;

namespace Pasteur.Pastes;

/// <summary>A language that a paste can be written in.</summary>
/// <param name="Id">What is stored and what stands in <c>?hl=</c>.</param>
/// <param name="Label">What people read.</param>
/// <param name="Extension">The ending of a file that has no name of its own.</param>
/// <param name="Aliases">Other endings and the names that paste clients use.</param>
internal sealed record Language(string Id, string Label, string Extension, params string[] Aliases);

/// <summary>The languages that the form offers, and how clients spell them.</summary>
internal static class Languages
{
    public static readonly IReadOnlyList<Language> All =
    [
        new("text", "Plain text", "txt", "plain", "plaintext", "none", "log"),
        new("bash", "Bash", "sh", "shell", "zsh"),
        new("c", "C", "c", "h"),
        new("clojure", "Clojure", "clj", "cljs", "edn"),
        new("cpp", "C++", "cpp", "c++", "cc", "cxx", "hpp", "hh"),
        new("csharp", "C#", "cs", "c#"),
        new("css", "CSS", "css"),
        new("dart", "Dart", "dart"),
        new("diff", "Diff", "diff", "patch"),
        new("dockerfile", "Dockerfile", "dockerfile", "docker"),
        new("elixir", "Elixir", "ex", "exs"),
        new("erlang", "Erlang", "erl", "hrl"),
        new("fsharp", "F#", "fs", "f#", "fsx"),
        new("go", "Go", "go", "golang"),
        new("haskell", "Haskell", "hs"),
        new("html", "HTML", "html", "htm", "xhtml"),
        new("ini", "INI", "ini", "cfg", "conf", "properties"),
        new("java", "Java", "java"),
        new("javascript", "JavaScript", "js", "mjs", "cjs", "jsx"),
        new("json", "JSON", "json"),
        new("kotlin", "Kotlin", "kt", "kts"),
        new("lisp", "Lisp", "lisp", "el", "scm", "scheme"),
        new("lua", "Lua", "lua"),
        new("makefile", "Makefile", "mk", "make"),
        new("markdown", "Markdown", "md", "mkd"),
        new("nix", "Nix", "nix"),
        new("ocaml", "OCaml", "ml", "mli"),
        new("perl", "Perl", "pl", "pm", "perl5"),
        new("php", "PHP", "php"),
        new("powershell", "PowerShell", "ps1"),
        new("python", "Python", "py", "python3"),
        new("r", "R", "r"),
        new("ruby", "Ruby", "rb"),
        new("rust", "Rust", "rs"),
        new("scala", "Scala", "scala"),
        new("sql", "SQL", "sql"),
        new("swift", "Swift", "swift"),
        new("toml", "TOML", "toml"),
        new("typescript", "TypeScript", "ts", "tsx"),
        new("xml", "XML", "xml", "svg", "xsl"),
        new("yaml", "YAML", "yaml", "yml"),
        new("zig", "Zig", "zig"),
    ];

    private static readonly FrozenDictionary<string, Language> ByWord = All
        .SelectMany(language => language.Aliases.Append(language.Id).Append(language.Extension).Distinct(), (language, word) => (language, word))
        .ToFrozenDictionary(pair => pair.word, pair => pair.language, StringComparer.OrdinalIgnoreCase);

    /// <summary>The language that a client means by a name or a file's ending; null when it is not known or none was meant.</summary>
    public static Language? Find(string? word) => word is not null && ByWord.TryGetValue(word.Trim(), out var language) ? language : null;

    /// <summary>The language that a file's name speaks of.</summary>
    public static Language? OfFile(string name) => Find(Path.GetExtension(name).TrimStart('.'));
}
