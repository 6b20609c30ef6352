using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pasteur.Configuration;
using Pasteur.Keys;

namespace Pasteur.Tests.Sync.Ssh;

/// <summary>An SSH server that lets everybody in and then does what its script says, sound or not.</summary>
internal sealed class ScriptedSshServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ECDsa _hostKey;
    private readonly Func<ScriptedSshPeer, CancellationToken, Task> _script;

    /// <param name="script">Begins when the first command of a connection runs, unless <see cref="StartsCommand"/> says otherwise.</param>
    /// <param name="hostKeyBits">Of the curve of its key; always shown as one of 256 bits.</param>
    public ScriptedSshServer(Func<ScriptedSshPeer, CancellationToken, Task> script, int hostKeyBits = 256)
    {
        _script = script;
        _hostKey = ECDsa.Create(hostKeyBits == 256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        _listener.Start();
        _connections.Add(AcceptAsync());
    }

    /// <summary>False: the script begins when somebody is let in.</summary>
    public bool StartsCommand { get; init; } = true;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections.Count - 1;

    public RemoteUrl.Ssh Url => new("git", "127.0.0.1", Port, "/r.git");

    public SshSettings Settings => new()
    {
        Seed = SshSeed.Read("correct-horse-battery-staple", out _),
        HostKeys = [new HostKeyPin(SshKey.FingerprintOf(ScriptedSshPeer.PublicKey(_hostKey)))],
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_connections);
        _hostKey.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var peer = new ScriptedSshPeer(client.GetStream(), _hostKey);
                await peer.LetInAsync(_stop.Token);
                if (StartsCommand)
                    await peer.StartCommandAsync(_stop.Token);
                await _script(peer, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or InvalidOperationException)
            {
                // The client left, or the test is over.
            }
        }
    }
}
