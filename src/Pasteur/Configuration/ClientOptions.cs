using System.CommandLine;

namespace Pasteur.Configuration;

/// <summary>What <c>pasteur put</c>, <c>pasteur get</c> and <c>pasteur delete</c> take.</summary>
internal sealed class ClientOptions
{
    private readonly ClientSettingList _settings = new();
    private readonly Argument<string[]> _files = new("FILE") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Argument<string[]> _link = new("URL") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Argument<string[]> _gone = new("URL") { Arity = ArgumentArity.ZeroOrMore };

    public ClientOptions()
    {
        Put.Add(_files);
        Get.Add(_link);
        Delete.Add(_gone);
        foreach (var setting in _settings.OfPut) Put.Add(setting.Option);
        foreach (var setting in _settings.OfGet) Get.Add(setting.Option);
        foreach (var setting in _settings.OfDelete) Delete.Add(setting.Option);
        Put.SetAction(static _ => { });
        Get.SetAction(static _ => { });
        Delete.SetAction(static _ => { });
    }

    public Command Put { get; } = new("put", "Paste files or standard input to a site.");

    public Command Get { get; } = new("get", "Fetch a paste from its link.");

    public Command Delete { get; } = new("delete", "Delete a paste with its owner's token.");

    public IEnumerable<Setting> All => _settings.OfPut.Union(_settings.OfGet).Union(_settings.OfDelete);

    public string PutHelp() => ClientHelpText.Put(_settings);

    public string DeleteHelp() => ClientHelpText.Delete(_settings);

    public string GetHelp() => ClientHelpText.Get(_settings);

    /// <summary>The words that are no options: files, or links with their keys.</summary>
    public IReadOnlyList<string> Words(ParseResult parse) => parse.CommandResult.Command == Put ? parse.GetValue(_files) ?? []
        : parse.CommandResult.Command == Get ? parse.GetValue(_link) ?? []
        : parse.CommandResult.Command == Delete ? parse.GetValue(_gone) ?? []
        : [];

    public Invocation ReadPut(ParseResult parse, SettingsReader reader, Func<string, string?> environment)
    {
        var isEndAlone = reader.Find(_settings.Update) is not null && reader.Find(_settings.Expires) is not null;
        IReadOnlyList<string> files = Words(parse) is [_, ..] words ? words : isEndAlone ? [] : [PutRequest.StandardInput];
        var passphrase = ReadPassphrase(reader, environment);
        var request = new PutRequest
        {
            Server = reader.Get(_settings.Server)!,
            Login = reader.GetGiven(_settings.Auth),
            Files = files,
            Encrypt = reader.GetSwitch(_settings.Encrypt) || passphrase.IsWanted,
            Passphrase = passphrase,
            Name = reader.GetGiven(_settings.Name),
            Language = reader.GetGiven(_settings.Language),
            Comment = reader.GetGiven(_settings.Comment),
            User = reader.GetGiven(_settings.User),
            Expires = reader.GetGiven(_settings.Expires),
            Reads = reader.Find(_settings.Reads) is not null ? reader.Get(_settings.Reads) : reader.GetSwitch(_settings.Burn) ? 1 : null,
            Update = reader.GetGiven(_settings.Update),
            Token = reader.GetGiven(_settings.Token),
        };
        CheckUpdate(request, reader);
        if (request.Name is not null && files.Count > 1)
            reader.AddProblem($"{_settings.Name.Name} is for one file; leave it out, or paste one file at a time");
        if (files.Count(file => file == PutRequest.StandardInput) > 1)
            reader.AddProblem("standard input (-) is given twice; give it once");
        if (files.Count > Limits.MaxFilesPerPaste)
            reader.AddProblem($"a paste has at most {Limits.MaxFilesPerPaste} files; paste fewer at a time, or an archive of them");
        return reader.Problems.Count == 0 ? new Invocation.Put(request) : new Invocation.Refused(reader.Problems);
    }

    private void CheckUpdate(PutRequest request, SettingsReader reader)
    {
        if (request.Update is not { } link) return;
        if (request.Token is null)
            reader.AddProblem($"{_settings.Update.Name} needs the owner's token; give it as {_settings.Token.Variable} or {_settings.Token.Name}");
        if (request.Reads is not null)
            reader.AddProblem($"{_settings.Burn.Name} and {_settings.Reads.Name} are for new pastes; leave them out with {_settings.Update.Name}");
        if (request.Encrypt && link.Key.Length == 0)
            reader.AddProblem($"{_settings.Update.Name} of an encrypted paste needs its whole link, with the key behind #");
    }

    public Invocation ReadDelete(ParseResult parse, SettingsReader reader)
    {
        if (Words(parse) is not [var text])
            return new Invocation.Refused([Words(parse).Count == 0 ? "delete needs the link of a paste: pasteur delete URL" : "delete takes one link at a time"]);
        var link = PasteLink.Parse(text);
        if (!link.IsOk) reader.AddProblem(link.Problem);
        var token = reader.GetGiven(_settings.Token);
        if (token is null) reader.AddProblem($"delete needs the owner's token; give it as {_settings.Token.Variable} or {_settings.Token.Name}");
        var login = reader.GetGiven(_settings.Auth);
        return reader.Problems.Count == 0 ? new Invocation.Delete(new DeleteRequest(link.Value!, login, token!)) : new Invocation.Refused(reader.Problems);
    }

    public Invocation ReadGet(ParseResult parse, SettingsReader reader, Func<string, string?> environment)
    {
        if (Words(parse) is not [var text])
            return new Invocation.Refused([Words(parse).Count == 0 ? "get needs the link of a paste: pasteur get URL" : "get takes one link at a time"]);
        var link = PasteLink.Parse(text);
        if (!link.IsOk) reader.AddProblem(link.Problem);
        var request = new GetRequest
        {
            Link = link.Value!,
            Login = reader.GetGiven(_settings.Auth),
            Output = reader.GetGiven(_settings.Output) is var output && output == PutRequest.StandardInput ? null : output,
            Force = reader.GetSwitch(_settings.Force),
            Passphrase = new PassphraseSource(false, environment(_settings.Passphrase.Variable) is { Length: > 0 } given ? given : null),
        };
        return reader.Problems.Count == 0 ? new Invocation.Get(request) : new Invocation.Refused(reader.Problems);
    }

    // The variable holds the passphrase itself, where the option only asks for one.
    private PassphraseSource ReadPassphrase(SettingsReader reader, Func<string, string?> environment)
    {
        var given = environment(_settings.Passphrase.Variable) is { Length: > 0 } text ? text : null;
        return new PassphraseSource(given is not null || reader.Find(_settings.Passphrase) is { IsOption: true }, given);
    }
}
