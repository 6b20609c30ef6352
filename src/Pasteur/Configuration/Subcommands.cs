using System.CommandLine;

namespace Pasteur.Configuration;

/// <summary>What the program does beside serving a site, each by its word.</summary>
internal sealed class Subcommands
{
    public static readonly string[] Names = ["fsck", "admin", "erase", "keygen", "put", "get", "delete"];

    private readonly Command _fsck = new("fsck", "Verify every object, pack and ref of the data folder.");
    private readonly AdminOptions _admin;
    private readonly KeygenOptions _keygen;
    private readonly ClientOptions _client = new();

    public Subcommands(SettingList settings)
    {
        _fsck.Add(settings.Data.Option);
        _fsck.SetAction(static _ => { });
        _admin = new AdminOptions(settings);
        _keygen = new KeygenOptions(settings);
    }

    public IEnumerable<Command> All => [_fsck, _admin.Command, _admin.Erase, _keygen.Command, _client.Put, _client.Get, _client.Delete];

    public IEnumerable<Setting> ClientSettings => _client.All;

    /// <inheritdoc cref="ClientOptions.Words"/>
    public IReadOnlyList<string> Words(ParseResult parse) => _client.Words(parse);

    /// <summary>Null for a command that has no help of its own.</summary>
    public string? HelpFor(Command command) =>
        command == _client.Put ? _client.PutHelp() : command == _client.Get ? _client.GetHelp() : command == _client.Delete ? _client.DeleteHelp()
            : command == _admin.Command ? AdminOptions.Help : command == _admin.Erase ? AdminOptions.EraseHelp : null;

    /// <summary>Null when it is none of these.</summary>
    public Invocation? Read(ParseResult parse, SettingsReader reader, Func<string, string?> environment)
    {
        var command = parse.CommandResult.Command;
        return command == _fsck ? ReadFsck(reader)
            : command == _admin.Command ? _admin.Read(parse, reader)
            : command == _admin.Erase ? _admin.ReadErase(parse, reader)
            : command == _keygen.Command ? _keygen.Read(parse, reader)
            : command == _client.Put ? _client.ReadPut(parse, reader, environment)
            : command == _client.Get ? _client.ReadGet(parse, reader, environment)
            : command == _client.Delete ? _client.ReadDelete(parse, reader)
            : null;
    }

    private static Invocation ReadFsck(SettingsReader reader) =>
        reader.ReadDataFolder() is { } folder ? new Invocation.Fsck(folder)
            : new Invocation.Refused(reader.Problems is [_, ..] problems ? problems : ["fsck needs a data folder, but PASTEUR_NO_DATA is set; give --data FOLDER"]);
}
