using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Connections to sshd that break.</summary>
public sealed class SshCutTests : KeptConnectionCuts
{
    private OpenSshServer _server = null!;

    private protected override async Task<(BareRepositories Server, int Port)> StartServerAsync()
    {
        _server = await OpenSshServer.StartAsync();
        return (_server, _server.Port);
    }

    private protected override string Url(int port, string name) => $"ssh://git@127.0.0.1:{port}{_server.Path(name)}";

    private protected override SyncHostOptions Options() => _server.Options();
}
