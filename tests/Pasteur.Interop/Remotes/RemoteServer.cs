using Pasteur.Configuration;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Any server that this program can have for a remote, by the name of its transport: its repositories, and how a site enters them.</summary>
internal sealed class RemoteServer : IAsyncDisposable
{
    private readonly Func<string, string> _url;

    private RemoteServer(BareRepositories repositories, Func<string, string> url, Func<RemoteSettings, RemoteSettings>? access = null)
    {
        Repositories = repositories;
        _url = url;
        Access = access;
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["git", "folder", "ssh", "dropbear", "http", "http in version 0", "https"];

    public BareRepositories Repositories { get; }

    public Func<RemoteSettings, RemoteSettings>? Access { get; }

    public static async Task<RemoteServer> StartAsync(string kind)
    {
        switch (kind)
        {
            case "git":
                var daemon = await GitDaemon.StartAsync();
                return new RemoteServer(daemon, daemon.Url);
            case "folder":
                var folder = new Folder();
                return new RemoteServer(folder, folder.Path);
            case "ssh":
                return Of(await OpenSshServer.StartAsync());
            case "dropbear":
                return Of(await DropbearServer.StartAsync());
            default:
                var web = await GitWebServer.StartAsync();
                var authorities = Authorities.ReadFile(web.AuthorityFile).Value;
                return kind == "https"
                    ? new RemoteServer(web, name => web.TlsUrl("git", name, $"{GitWebServer.User}:{GitWebServer.Password}@"), settings => settings with { Authorities = authorities })
                    : new RemoteServer(web, name => web.Url(kind == "http" ? "open" : "old", name));
        }
    }

    public string Url(string repository) => _url(repository);

    public SyncHostOptions Options(string? folder = null) => new() { Folder = folder, Access = Access };

    public ValueTask DisposeAsync() => Repositories.DisposeAsync();

    private static RemoteServer Of(SshServer server) => new(server, server.Url, server.Options().Access);

    private sealed class Folder : BareRepositories;
}
