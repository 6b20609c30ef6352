using System.CommandLine;
using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>What `pasteur keygen` takes: a type of key to make, or a seed that there is.</summary>
internal sealed class KeygenOptions
{
    private const int UsualRsaBits = 3072;

    private readonly SettingList _settings;
    private readonly Option<string?> _type = new("--type") { Arity = ArgumentArity.ExactlyOne };
    private readonly Option<string?> _bits = new("--bits") { Arity = ArgumentArity.ExactlyOne };

    public KeygenOptions(SettingList settings)
    {
        _settings = settings;
        Command.Add(_type);
        Command.Add(_bits);
        Command.Add(settings.SshSeed.Option);
        Command.SetAction(static _ => { });
    }

    public Command Command { get; } = new("keygen", "Make a seed for SSH and print its public key.");

    public Invocation Read(ParseResult parse, SettingsReader reader)
    {
        var (type, bits) = (Value(parse, _type), Value(parse, _bits));
        var isNew = type is not null || bits is not null;
        var seed = reader.Find(_settings.SshSeed);
        if (isNew && seed is { IsOption: true })
            return Refuse("--ssh-seed says its own type of key; leave --type and --bits out");
        // A variable is there for the server too: what is asked for on the command line wins.
        if (!isNew && seed is not null)
            return reader.GetGiven(_settings.SshSeed) is { } existing ? new Invocation.Keygen(existing, existing.Type) : new Invocation.Refused(reader.Problems);
        return (type ?? "ed25519", bits) switch
        {
            ("ed25519", null) => new Invocation.Keygen(null, KeyType.Ed25519),
            ("ed25519", _) => Refuse("--bits is for --type rsa; leave it out"),
            ("rsa", null or "3072") => new Invocation.Keygen(null, KeyType.Rsa3072),
            ("rsa", "4096") => new Invocation.Keygen(null, KeyType.Rsa4096),
            ("rsa", _) => Refuse($"--bits is not a size that keygen makes; give {UsualRsaBits} or 4096"),
            _ => Refuse("--type is unknown; give ed25519 or rsa"),
        };
    }

    private static string? Value(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false, Tokens: [var token, ..] } ? token.Value : null;

    private static Invocation.Refused Refuse(string problem) => new([problem]);
}
