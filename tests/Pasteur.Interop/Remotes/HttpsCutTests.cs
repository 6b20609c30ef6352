using Pasteur.Configuration;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Connections to nginx that break, under TLS.</summary>
public sealed class HttpsCutTests : KeptConnectionCuts
{
    private GitWebServer _server = null!;

    private protected override async Task<(BareRepositories Server, int Port)> StartServerAsync()
    {
        _server = await GitWebServer.StartAsync();
        return (_server, _server.TlsPort);
    }

    private protected override string Url(int port, string name) => $"https://{GitWebServer.User}:{GitWebServer.Password}@127.0.0.1:{port}/git/{name}";

    private protected override SyncHostOptions Options() => new() { Access = settings => settings with { Authorities = Authorities.ReadFile(_server.AuthorityFile).Value } };
}
