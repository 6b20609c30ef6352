using System.CommandLine;

namespace Pasteur.Configuration;

/// <summary>What `pasteur admin` takes.</summary>
internal sealed class AdminOptions
{
    public const string Commands = """
        reports                        what was reported
        show ID|ID@REVISION            a paste, and what was said of it
        dismiss ID                     take what was reported of it off the list
        delete ID                      take a paste off the site; the history keeps it (see --forget-deleted)
        erase ID...                    take pastes out of all history, here and on the remote
        block ID|SHA256                take no such content any more, of an ID that of all its revisions
        unblock SHA256
        blocked                        what is blocked
        ban NETWORK [for DURATION]     take nothing from there any more; reading goes on
        unban NETWORK
        bans                           who is banned
        replace-certificate            order another with another key, then revoke the one before
        replace-account-key            give the account at the authority another key

        """;

    public const string Help = "Usage: pasteur admin [--data FOLDER] [--branch NAME] COMMAND\n\n"
        + "Asks the site that runs on the data folder, or does it itself when none runs.\n\n" + Commands;

    public const string EraseHelp = "Usage: pasteur erase [--data FOLDER] [--branch NAME] ID...\n\n"
        + "Takes pastes out of all history: every branch that holds them is made again without them, here and on the remote, all or\n"
        + "nothing. Asks the site that runs on the data folder, or does it itself when none runs and there is no remote.\n";

    private readonly SettingList _settings;
    private readonly Argument<string[]> _ids = new("ID") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Argument<string[]> _words = new("COMMAND") { Arity = ArgumentArity.ZeroOrMore };

    public AdminOptions(SettingList settings)
    {
        _settings = settings;
        Command.Add(_words);
        Command.Add(settings.Data.Option);
        Command.Add(settings.Branch.Option);
        Command.SetAction(static _ => { });
        Erase.Add(_ids);
        Erase.Add(settings.Data.Option);
        Erase.Add(settings.Branch.Option);
        Erase.SetAction(static _ => { });
    }

    public Command Command { get; } = new("admin", "Read reports, delete, block and ban.");

    /// <summary>The same as <c>pasteur admin erase</c>.</summary>
    public Command Erase { get; } = new("erase", "Take pastes out of all history.");

    public Invocation Read(ParseResult parse, SettingsReader reader) => Read(parse.GetValue(_words) ?? [], Help, reader);

    public Invocation ReadErase(ParseResult parse, SettingsReader reader) => Read(parse.GetValue(_ids) is [_, ..] ids ? ["erase", .. ids] : [], EraseHelp, reader);

    private Invocation Read(string[] words, string help, SettingsReader reader)
    {
        if (words.Length == 0) return new Invocation.Show(help);
        if (words.Any(word => word.Any(char.IsControl))) return new Invocation.Refused(["a word of the command has a control character in it"]);
        var (folder, branch) = (reader.ReadDataFolder(), reader.Get(_settings.Branch));
        return folder is not null && branch is not null
            ? new Invocation.Admin(folder, branch, words)
            : new Invocation.Refused(reader.Problems is [_, ..] problems ? problems : ["admin needs a data folder, but PASTEUR_NO_DATA is set; give --data FOLDER"]);
    }
}
