using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Connections to nginx that break.</summary>
public sealed class HttpCutTests : KeptConnectionCuts
{
    private protected override async Task<(BareRepositories Server, int Port)> StartServerAsync()
    {
        var server = await GitWebServer.StartAsync();
        return (server, server.Port);
    }

    private protected override string Url(int port, string name) => $"http://127.0.0.1:{port}/open/{name}";

    private protected override SyncHostOptions Options() => new();
}
