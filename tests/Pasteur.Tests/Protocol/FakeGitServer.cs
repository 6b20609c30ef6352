using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Pasteur.Git.Protocol;

namespace Pasteur.Tests.Protocol;

/// <summary>
/// A Git server that follows a script, one script a connection, the last one for all further connections. It is reached
/// over in-process pipes (<see cref="ConnectAsync"/>) or, once <see cref="Listen"/> was called, over TCP like git daemon.
/// </summary>
internal sealed class FakeGitServer(params FakeGitScript[] scripts) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private TcpListener? _listener;
    private int _connections;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The greetings of git:// clients: <c>git-upload-pack /repo\0host=…</c>.</summary>
    public ConcurrentQueue<string> Greetings { get; } = new();

    /// <summary>What went against a script: an expectation that was not met.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    public GitRemote Remote(GitRemoteOptions? options = null) => new(ConnectAsync, options ?? new GitRemoteOptions());

    public ValueTask<GitConversation> ConnectAsync(GitService service, CancellationToken ct)
    {
        var up = new Pipe();
        var down = new Pipe();
        _conversations.Add(ServeAsync(new FakePeer(up.Reader.AsStream(), down.Writer.AsStream())));
        return ValueTask.FromResult<GitConversation>(new DuplexConversation(down.Reader.AsStream(), up.Writer.AsStream()));
    }

    public int Listen()
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _conversations.Add(AcceptAsync(_listener));
        return ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    /// <summary>Asserts that every conversation went as its script says.</summary>
    public void AssertFollowed() => Assert.Empty(Failures);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Dispose();
        await Task.WhenAll(_conversations);
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            _conversations.Add(ServeTcpAsync(client));
        }
    }

    private async Task ServeTcpAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var peer = new FakePeer(stream, stream, () =>
            {
                client.LingerState = new LingerOption(true, 0);
                client.Close();
                return ValueTask.CompletedTask;
            });
            try
            {
                Greetings.Enqueue(await peer.ReadLineAsync(_stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                Failures.Enqueue(e);
                return;
            }
            await ServeAsync(peer);
        }
    }

    private async Task ServeAsync(FakePeer peer)
    {
        var number = Interlocked.Increment(ref _connections);
        try
        {
            await scripts[Math.Min(number, scripts.Length) - 1].RunAsync(peer, _stop.Token);
            await peer.CloseAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await peer.CloseAsync();
        }
        catch (Exception e)
        {
            Failures.Enqueue(e);
            await peer.CloseAsync();
        }
    }
}
