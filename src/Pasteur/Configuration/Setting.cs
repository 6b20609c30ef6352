using System.CommandLine;

namespace Pasteur.Configuration;

/// <summary>One thing a user can set: by its option, else by its environment variable, else by default.</summary>
internal abstract class Setting
{
    public const string VariablePrefix = "PASTEUR_";

    protected Setting(SettingGroup group, string name, string[] aliases, bool takesValue)
    {
        Group = group;
        Name = name;
        Variable = VariablePrefix + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
        Option = new Option<string?>(name, aliases) { Arity = takesValue ? ArgumentArity.ExactlyOne : ArgumentArity.Zero };
    }

    public SettingGroup Group { get; }

    public string Name { get; }

    public string Variable { get; }

    /// <summary>What stands for the value in the help; empty for a switch.</summary>
    public string Hint { get; init; } = "";

    public required string Description { get; init; }

    /// <summary>The default as the help shows it.</summary>
    public string Default { get; init; } = "";

    /// <summary>A secret's value is never repeated in a message.</summary>
    public bool Secret { get; init; }

    /// <summary>What may be repeated of a value that is a secret in part.</summary>
    public Func<string, string> Shown { get; init; } = static text => text;

    /// <summary>The part of a value that other users of the machine must not read in the process's command line; empty for none.</summary>
    public Func<string, string> SecretIn { get; init; } = static _ => "";

    /// <summary>It may be given several times, or several values with commas between them.</summary>
    public bool Repeatable
    {
        get;
        init
        {
            field = value;
            if (value)
                Option = new Option<string[]>(Name, [.. Option.Aliases]) { Arity = ArgumentArity.OneOrMore };
        }
    }

    public Option Option { get; private set; }

    public string SecretOf(string text) => Secret ? text : SecretIn(text);

    public string Describe(string source, string text) => Secret ? source : $"{source} \"{Printable(Shown(text))}\"";

    // A value may hold anything; the message must stay one line on a terminal.
    private static string Printable(string text)
    {
        const int longest = 80;
        var cut = text.Length > longest ? text[..longest] + "…" : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c));
    }
}

/// <inheritdoc/>
internal sealed class Setting<T>(SettingGroup group, string name, params string[] aliases) : Setting(group, name, aliases, typeof(T) != typeof(bool))
{
    public required Func<string, Parsed<T>> Parse { get; init; }
}

/// <summary>The headings of the help.</summary>
internal enum SettingGroup
{
    Listening,
    Tls,
    Storage,
    Remote,
    Pastes,
    Abuse,
    Site,
    Logging,
    Machine,
    Client,
}
