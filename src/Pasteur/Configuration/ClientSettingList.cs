namespace Pasteur.Configuration;

/// <summary>The settings of <c>pasteur put</c>, <c>pasteur get</c> and <c>pasteur delete</c>, in the order of their help.</summary>
internal sealed class ClientSettingList
{
    public Setting<Uri> Server { get; } = new(SettingGroup.Client, "--server", "-s")
    {
        Hint = "URL", Default = "http://127.0.0.1:4343", Parse = ClientValues.Server, Shown = RemoteUrl.WithoutLogin, SecretIn = RemoteUrl.LoginIn,
        Description = "The site to paste to.",
    };

    public Setting<BasicLogin> Auth { get; } = new(SettingGroup.Client, "--auth")
    {
        Hint = "USER:PASSWORD", Default = "none", Parse = BasicLogin.Parse, Secret = true,
        Description = "For a site that asks for a password. Other users of this machine can see options: better use the variable.",
    };

    public Setting<bool> Encrypt { get; } = new(SettingGroup.Client, "--encrypt", "-e")
    {
        Parse = SettingValues.Switch,
        Description = "Encrypt before sending. The key is in the link behind #, which the site never sees.",
    };

    public Setting<bool> Passphrase { get; } = new(SettingGroup.Client, "--passphrase")
    {
        Parse = SettingValues.Switch,
        Description = "Encrypt, so that whoever has the link needs a passphrase too. It is asked for, unless the variable holds it.",
    };

    public Setting<string> Name { get; } = new(SettingGroup.Client, "--name", "-n")
    {
        Hint = "NAME", Default = "the file's own", Parse = Parsed.Ok,
        Description = "What the file is called on the site.",
    };

    public Setting<string> Language { get; } = new(SettingGroup.Client, "--language", "-l")
    {
        Hint = "NAME", Default = "that of the file's name", Parse = Parsed.Ok,
        Description = "Language to colour it by, such as python.",
    };

    public Setting<string> Comment { get; } = new(SettingGroup.Client, "--comment", "-c")
    {
        Hint = "TEXT", Default = "none", Parse = Parsed.Ok,
        Description = "Shown with the paste, and the commit's message; never encrypted.",
    };

    public Setting<string> User { get; } = new(SettingGroup.Client, "--user", "-u")
    {
        Hint = "NAME", Default = "none", Parse = Parsed.Ok,
        Description = "Shown with the paste, and the commit's author; never encrypted.",
    };

    public Setting<string> Expires { get; } = new(SettingGroup.Client, "--expires", "-x")
    {
        Hint = "TIME", Default = "what the site says", Parse = Parsed.Ok,
        Description = "When it ends: 1h, 7d, never, or a time such as 2030-01-31T12:00:00Z.",
    };

    public Setting<bool> Burn { get; } = new(SettingGroup.Client, "--burn")
    {
        Parse = SettingValues.Switch,
        Description = "Burn it after it was opened once: who opens it is asked first, and previews get nothing.",
    };

    public Setting<int> Reads { get; } = new(SettingGroup.Client, "--reads")
    {
        Hint = "N", Default = "1 with --burn", Parse = ClientValues.Reads,
        Description = "Burn it after it was opened so often.",
    };

    public Setting<PasteLink> Update { get; } = new(SettingGroup.Client, "--update")
    {
        Hint = "URL", Default = "none", Parse = PasteLink.Parse, Shown = PasteLink.WithoutKey, SecretIn = PasteLink.SecretIn,
        Description = "Make a new revision of that paste, with its owner's token. One that is encrypted needs its whole link, and keeps its key. With --expires and no file, only its end changes.",
    };

    public Setting<string> Token { get; } = new(SettingGroup.Client, "--token")
    {
        Hint = "TOKEN", Default = "none", Parse = ClientValues.Token, Secret = true,
        Description = "The owner's token, which put printed when it was pasted. Other users of this machine can see options: better use the variable.",
    };

    public Setting<string> Output { get; } = new(SettingGroup.Client, "--output", "-o")
    {
        Hint = "FILE|FOLDER", Default = "standard output", Parse = Parsed.Ok,
        Description = "Where to save it; several files need a folder, which is made when missing.",
    };

    public Setting<bool> Force { get; } = new(SettingGroup.Client, "--force", "-f")
    {
        Parse = SettingValues.Switch,
        Description = "Write over files that are there already.",
    };

    public IReadOnlyList<Setting> OfPut => [Server, Encrypt, Passphrase, Name, Language, Comment, User, Expires, Burn, Reads, Update, Token, Auth];

    public IReadOnlyList<Setting> OfGet => [Output, Force, Auth];

    public IReadOnlyList<Setting> OfDelete => [Token, Auth];
}
