using System.CommandLine;
using System.CommandLine.Parsing;
using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>What the command line asks for.</summary>
internal abstract record Invocation
{
    private Invocation()
    {
    }

    internal sealed record Serve(Settings Settings) : Invocation;

    internal sealed record Fsck(string DataFolder) : Invocation;

    /// <summary>Null: a new seed of that type is made.</summary>
    internal sealed record Keygen(SshSeed? Existing, KeyType Type) : Invocation;

    internal sealed record Put(PutRequest Request) : Invocation;

    internal sealed record Get(GetRequest Request) : Invocation;

    internal sealed record Delete(DeleteRequest Request) : Invocation;

    internal sealed record Admin(string DataFolder, string Branch, IReadOnlyList<string> Words) : Invocation;

    /// <summary>Help or version: to be printed, and that is all.</summary>
    internal sealed record Show(string Text) : Invocation;

    /// <summary>Nothing can be done; one line a problem.</summary>
    internal sealed record Refused(IReadOnlyList<string> Problems) : Invocation;
}

/// <summary>Reads the command line. System.CommandLine splits it; what the values mean is in <see cref="SettingsReader"/>.</summary>
internal sealed class CommandLine
{
    private readonly SettingList _settings = new();
    // No RootCommand and no HelpOption: both look up texts in resources that are never shown, some 4 % of what a start runs.
    private readonly Command _root = new("pasteur");
    private readonly Option<bool> _help = new("--help", "-h") { Arity = ArgumentArity.Zero, Recursive = true };
    private readonly Option<bool> _version = new("--version");
    private readonly Habitat _habitat;
    private Subcommands? _subcommands;

    public CommandLine(Habitat habitat = Habitat.Process)
    {
        _habitat = habitat;
        _root.Add(_version);
        _root.Add(_help);
        foreach (var setting in _settings.All)
            _root.Add(setting.Option);
        // Without an action, a command that has subcommands would demand one of them.
        _root.SetAction(static _ => { });
    }

    /// <summary>What was read stood among it in clear: passwords, tokens. They are not to stay where other users of the machine can read them.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    private IEnumerable<Setting> AllSettings => _settings.All.Concat(_subcommands?.ClientSettings ?? []);

    public Invocation Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        // A site that starts need not make what others take.
        if (_subcommands is null && (arguments is [[not '-', ..], ..] || arguments.Any(Subcommands.Names.Contains)))
            AddSubcommands();
        var parse = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        Secrets = [.. AllSettings.SelectMany(setting => SecretsOf(setting, parse)).Concat(arguments.Select(PasteLink.SecretIn)).Where(secret => secret.Length > 0)];
        if (HostnameAsBefore(arguments, parse) is { } hostname)
            return new Invocation.Refused([hostname]);
        var command = parse.CommandResult.Command;
        if (parse.GetResult(_help) is { Implicit: false })
            return new Invocation.Show(_subcommands?.HelpFor(command) ?? HelpText.Write(_settings));
        if (parse.GetResult(_version) is { Implicit: false })
            return new Invocation.Show($"pasteur {ProgramVersion.Text}\n");
        if (parse.UnmatchedTokens is [var stray, ..])
            return new Invocation.Refused([Stray(stray, command, isFirst: arguments[0] == stray)]);
        if (parse.Errors.Count > 0)
            return new Invocation.Refused([.. parse.Errors.Select(Explain)]);
        // What looks like an option and is none would be taken for a file's name; behind "--" it is one.
        if (_subcommands?.Words(parse).Intersect(arguments.TakeWhile(word => word != "--")).FirstOrDefault(word => word is ['-', _, ..]) is { } unknown)
            return new Invocation.Refused([Stray(unknown, command, isFirst: false)]);

        var reader = new SettingsReader(_settings, parse, environment, _habitat);
        if (_subcommands?.Read(parse, reader, environment) is { } invocation)
            return invocation;
        return reader.Read() is { } settings ? new Invocation.Serve(settings) : new Invocation.Refused(reader.Problems);
    }

    private void AddSubcommands()
    {
        _subcommands = new Subcommands(_settings);
        foreach (var command in _subcommands.All)
            _root.Add(command);
    }

    /// <summary>
    /// The OCaml Pasteur had its host name from -h, in any way that a short option takes a value there. Null for what isn't that. A word is
    /// repeated only when it can be a host name: it may be a part of something else.
    /// </summary>
    private static string? HostnameAsBefore(IReadOnlyList<string> arguments, ParseResult parse)
    {
        const string option = "-h";
        var at = arguments.TakeWhile(word => !word.StartsWith(option, StringComparison.Ordinal) && !Subcommands.Names.Contains(word)).Count();
        if (at == arguments.Count || !arguments[at].StartsWith(option, StringComparison.Ordinal))
            return null;
        // The value of another option may begin so too.
        if (parse.CommandResult.Children.OfType<OptionResult>().Any(given => given.Tokens.Any(token => token.Value == arguments[at])))
            return null;
        var value = arguments[at].Length > option.Length ? arguments[at][option.Length..].TrimStart('=', ':') : arguments.ElementAtOrDefault(at + 1) ?? "";
        if (value.Length == 0 || value[0] == '-' || Subcommands.Names.Contains(value))
            return null;
        var isName = value.Length <= Limits.MaxHostLength && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '*');
        return $"{option} shows the help here, and takes no value; the name of the host is given as --hostname {(isName ? value : "NAME")}";
    }

    private static IEnumerable<string> SecretsOf(Setting setting, ParseResult parse) =>
        parse.GetResult(setting.Option)?.Tokens.Select(token => setting.SecretOf(token.Value)) ?? [];

    private string Explain(ParseError error)
    {
        var setting = AllSettings.FirstOrDefault(s => s.Option == (error.SymbolResult as OptionResult)?.Option);
        if (setting is null)
            return error.Message;
        var count = ((OptionResult)error.SymbolResult!).IdentifierTokenCount;
        if (count > 1)
            return $"{setting.Name} is given {count} times; give it once";
        return setting.Hint.Length == 0 ? $"{setting.Name} takes no value" : $"{setting.Name} needs a value: {setting.Name} {setting.Hint}";
    }

    // A stray word may be part of a mistyped --auth: only an option's name, or a word in a command's place, is repeated.
    private static string Stray(string word, Command command, bool isFirst)
    {
        if (word.StartsWith('-'))
        {
            var name = word.Split('=', ':')[0];
            return $"unknown option {name}; {Suggest(name, [.. command.Options.Select(o => o.Name), .. command.Options.SelectMany(o => o.Aliases)])}";
        }
        return isFirst
            ? $"unknown command {word}; {Suggest(word, Subcommands.Names)}"
            : "a word of the command line belongs to no option; put quotes around a value with spaces, or see pasteur --help";
    }

    private static string Suggest(string word, IReadOnlyList<string> candidates) =>
        Spelling.Closest(word, candidates) is { } guess ? $"did you mean {guess}?" : "see pasteur --help";
}
