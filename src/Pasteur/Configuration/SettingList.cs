using System.Net;
using Pasteur.Git;
using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>The settings there are, in the order of the help. What each accepts is in <see cref="SettingValues"/>.</summary>
internal sealed class SettingList
{
    public Setting<int> Port { get; } = new(SettingGroup.Listening, "--port", "-p")
    {
        Hint = "NUMBER", Default = "4343", Parse = SettingValues.Port,
        Description = "Port to listen on (443 with --https); 0 picks a free one.",
    };

    public Setting<IPAddress> Bind { get; } = new(SettingGroup.Listening, "--bind")
    {
        Hint = "ADDRESS", Default = "127.0.0.1", Parse = SettingValues.Address,
        Description = "Address to listen on; * is every address of this machine, and usual with --https.",
    };

    public Setting<string> BasePath { get; } = new(SettingGroup.Listening, "--base-path")
    {
        Hint = "PATH", Default = "/", Parse = SettingValues.BasePath,
        Description = "Path of the site behind a proxy, such as /paste.",
    };

    public Setting<TrustedProxy> TrustedProxies { get; } = new(SettingGroup.Listening, "--trusted-proxy")
    {
        Hint = "NETWORK", Default = "none", Parse = TrustedProxy.Parse, Repeatable = true,
        Description = "Whose X-Forwarded-For, -Proto, -Host and -Prefix are believed: 10.0.0.0/8, ::1, or unix for a proxy on a UNIX socket. Several: give it again, or put commas between.",
    };

    public Setting<int> TermbinPort { get; } = new(SettingGroup.Listening, "--termbin-port")
    {
        Hint = "NUMBER", Default = "off", Parse = SettingValues.Port,
        Description = "Port for pastes by netcat: nc host NUMBER <file. 9999 is usual. It asks for no password.",
    };

    public Setting<BasicCredentials> Auth { get; } = new(SettingGroup.Listening, "--auth")
    {
        Hint = "USER:PASSWORD", Default = "open to all", Parse = BasicCredentials.Parse, Secret = true,
        Description = "Ask visitors for this user and password. Other users of this machine can see options: better use the variable.",
    };

    public Setting<string> Data { get; } = new(SettingGroup.Storage, "--data")
    {
        Hint = "FOLDER", Default = "$XDG_DATA_HOME/pasteur, else ~/.local/share/pasteur", Parse = SettingValues.Folder,
        Description = "Folder for the repository; created when missing.",
    };

    public Setting<bool> NoData { get; } = new(SettingGroup.Storage, "--no-data")
    {
        Parse = SettingValues.Switch,
        Description = "Keep everything in memory: without a remote, all is gone when the program ends.",
    };

    public Setting<string> Branch { get; } = new(SettingGroup.Storage, "--branch")
    {
        Hint = "NAME", Default = "main", Parse = SettingValues.Branch,
        Description = "Branch that keeps the pastes, here and on the remote.",
    };

    public Setting<RemoteUrl> Remote { get; } = new(SettingGroup.Remote, "--remote", "-r")
    {
        Hint = "URL", Default = "none", Parse = RemoteUrl.Parse, Shown = RemoteUrl.WithoutLogin, SecretIn = RemoteUrl.LoginIn,
        Description = "Repository to feed and follow: git@host:path, ssh://, https://, git://host/path, or a folder.",
    };

    public Setting<HttpToken> RemoteToken { get; } = new(SettingGroup.Remote, "--remote-token")
    {
        Hint = "TOKEN", Default = "none", Parse = HttpToken.Parse, Secret = true,
        Description = "Token for an https remote; with a user in the URL it is that user's password. Better use the variable or a file.",
    };

    public Setting<HttpToken> RemoteTokenFile { get; } = new(SettingGroup.Remote, "--remote-token-file")
    {
        Hint = "FILE", Default = "none", Parse = HttpToken.ReadFile,
        Description = "File that holds that token alone; read at start.",
    };

    public Setting<Authorities> RemoteCa { get; } = new(SettingGroup.Remote, "--remote-ca")
    {
        Hint = "FILE", Default = "none", Parse = Authorities.ReadFile,
        Description = "PEM certificates of authorities to trust for an https remote, beside those of the system.",
    };

    public Setting<AckMode> Ack { get; } = new(SettingGroup.Remote, "--ack")
    {
        Hint = "local|remote", Default = "local; remote with --no-data or a --length below 8", Parse = SettingValues.Ack,
        Description = "Answer a paste once it is on this disk (local) or once the remote has it (remote).",
    };

    public Setting<int> InboxAbove { get; } = new(SettingGroup.Remote, "--inbox-above")
    {
        Hint = "FILES", Default = "16384", Parse = SettingValues.InboxAbove,
        Description = "When the branch has more files, push pastes on a small branch, merged now and then; 0 pushes all on the branch.",
    };

    public Setting<TimeSpan> PullEvery { get; } = new(SettingGroup.Remote, "--pull-every")
    {
        Hint = "TIME", Default = "30s", Parse = SettingValues.PullEvery,
        Description = "How often to look for what others pushed.",
    };

    public Setting<RewindPolicy> OnRewind { get; } = new(SettingGroup.Remote, "--on-rewind")
    {
        Hint = "replay|follow|stop", Default = "replay", Parse = SettingValues.OnRewind,
        Description = "When the remote's branch was rewritten: put our pastes back on top, take what is there, or stop syncing.",
    };

    public Setting<SshSeed> SshSeed { get; } = new(SettingGroup.Remote, "--ssh-seed")
    {
        Hint = "SEED", Default = "none", Parse = SettingValues.SshSeed, Secret = true,
        Description = "Secret that makes our SSH key; pasteur keygen prints one. Other users of this machine can see options: better use the variable.",
    };

    public Setting<string> SshKey { get; } = new(SettingGroup.Remote, "--ssh-key")
    {
        Hint = "FILE", Default = "none", Parse = Parsed.Ok, Shown = SettingValues.WithoutKey,
        Description = "Private key of OpenSSH, instead of a seed.",
    };

    public Setting<string> SshPassphrase { get; } = new(SettingGroup.Remote, "--ssh-passphrase")
    {
        Hint = "TEXT", Default = "none", Parse = Parsed.Ok, Secret = true,
        Description = "What the file of --ssh-key is encrypted with; better use the variable.",
    };

    public Setting<HostKeyPin> SshAuth { get; } = new(SettingGroup.Remote, "--ssh-auth")
    {
        Hint = "SHA256:…", Default = "none: the host is refused, and its fingerprint shown", Parse = HostKeyPin.Parse, Repeatable = true,
        Description = "Fingerprint of the host's key, as ssh-keygen -l prints it. Several: give it again, or put commas between.",
    };

    public Setting<int> MaxSize { get; } = new(SettingGroup.Pastes, "--max-size")
    {
        Hint = "SIZE", Default = "1MiB", Parse = SettingValues.MaxSize,
        Description = "Largest paste, all its files together.",
    };

    public Setting<int> Length { get; } = new(SettingGroup.Pastes, "--length")
    {
        Hint = "NUMBER", Default = "10", Parse = SettingValues.IdLength,
        Description = "Characters in a paste's id, 3 to 32. Once there are about half a million pastes, new ids have 11 at least.",
    };

    public Setting<TimeSpan?> DefaultExpiry { get; } = new(SettingGroup.Pastes, "--default-expiry")
    {
        Hint = "TIME", Default = "never", Parse = SettingValues.DefaultExpiry,
        Description = "How long a paste lives when nobody says: 1h, 7d, or never.",
    };

    public Setting<TimeSpan?> MaxExpiry { get; } = new(SettingGroup.Pastes, "--max-expiry")
    {
        Hint = "TIME", Default = "never", Parse = SettingValues.MaxExpiry,
        Description = "How long a paste may live at most; never lets it stay.",
    };

    public Setting<ExpiryOn> ExpiryOn { get; } = new(SettingGroup.Remote, "--expiry-on")
    {
        Hint = "remote|local|none", Default = "remote", Parse = SettingValues.ExpiryOn,
        Description = "With a remote, keep pastes that end there too (remote), on this machine alone (local), or refuse them (none).",
    };

    public Setting<string> Title { get; } = new(SettingGroup.Site, "--title")
    {
        Hint = "TEXT", Default = "Pasteur", Parse = SettingValues.Title,
        Description = "Name of the site.",
    };

    public Setting<string> Subtitle { get; } = new(SettingGroup.Site, "--subtitle")
    {
        Hint = "TEXT", Default = "past-isserie", Parse = SettingValues.Subtitle,
        Description = "What stands beside the name; \"\" for nothing.",
    };

    public Setting<LogLevel> LogLevel { get; } = new(SettingGroup.Logging, "--log-level")
    {
        Hint = "LEVEL", Default = "info", Parse = SettingValues.LogLevel,
        Description = "debug, info, warning or error; the log goes to stderr.",
    };

    public AbuseSettingList Abuse { get; } = new();

    public TlsSettingList Tls { get; } = new();

    public DnsSettingList Dns { get; } = new();

    public Setting<AddressPlan> Ipv4 { get; } = new(SettingGroup.Machine, "--ipv4")
    {
        Hint = "ADDRESS/LENGTH", Default = "dhcp; none when --ipv6 has an address", Parse = SettingValues.Ipv4Plan,
        Description = "IPv4 address, such as 10.0.0.3/24; dhcp to ask for one, none to have none.",
    };

    public Setting<IPAddress> Ipv4Gateway { get; } = new(SettingGroup.Machine, "--ipv4-gateway")
    {
        Hint = "ADDRESS", Default = "none, or what DHCP says", Parse = SettingValues.Ipv4Address,
        Description = "Router to other networks.",
    };

    public Setting<AddressPlan> Ipv6 { get; } = new(SettingGroup.Machine, "--ipv6")
    {
        Hint = "ADDRESS/LENGTH", Default = "auto", Parse = SettingValues.Ipv6Plan,
        Description = "IPv6 address, such as fd00::3/64; auto to follow the routers' announcements, none to have none.",
    };

    public Setting<IPAddress> Ipv6Gateway { get; } = new(SettingGroup.Machine, "--ipv6-gateway")
    {
        Hint = "ADDRESS", Default = "none, or what routers announce", Parse = SettingValues.Ipv6Address,
        Description = "Router to other networks.",
    };

    public Setting<IPAddress> Nameserver { get; } = new(SettingGroup.Machine, "--nameserver")
    {
        Hint = "ADDRESS", Default = "what DHCP says", Parse = SettingValues.Nameserver, Repeatable = true,
        Description = "Server that resolves names. Several: give it again, or put commas between.",
    };

    public Setting<string> Ntp { get; } = new(SettingGroup.Machine, "--ntp")
    {
        Hint = "HOST", Default = "what DHCP says, else the machine's clock", Parse = SettingValues.TimeServer,
        Description = "Server that the clock is set by at start.",
    };

    public IReadOnlyList<Setting> All =>
    [
        Port, Bind, BasePath, TrustedProxies, TermbinPort, Auth, .. Tls.All, .. Dns.All, Data, NoData, Branch,
        Remote, Ack, ExpiryOn, InboxAbove, PullEvery, OnRewind, RemoteToken, RemoteTokenFile, RemoteCa, SshSeed, SshKey, SshPassphrase, SshAuth,
        MaxSize, Length, DefaultExpiry, MaxExpiry, .. Abuse.All, Title, Subtitle, LogLevel,
        Ipv4, Ipv4Gateway, Ipv6, Ipv6Gateway, Nameserver, Ntp,
    ];
}
