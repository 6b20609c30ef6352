using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pasteur.Interop.Support;

/// <summary>Which stream of a connection is counted.</summary>
internal enum Way
{
    ToServer,
    ToClient,
}

/// <summary>What happens to a connection when the bytes are through.</summary>
internal enum CutKind
{
    /// <summary>Both ends are closed.</summary>
    Close,

    /// <summary>Both ends are reset, as by a crash or a firewall.</summary>
    Reset,

    /// <summary>Nothing is read or written any more and nobody is told, as when a peer vanishes.</summary>
    Stall,

    /// <summary>What follows reaches the server only when the client has hung up, and a while later.</summary>
    Late,
}

/// <param name="After">So many bytes pass first.</param>
internal sealed record Cut(Way Way, long After, CutKind Kind)
{
    /// <summary>Of <see cref="CutKind.Late"/>: how long after the client is gone.</summary>
    public TimeSpan LateBy { get; init; } = TimeSpan.FromMilliseconds(100);
}

/// <summary>Stands on 127.0.0.1 in front of any server that speaks TCP, counts bytes, and breaks connections where it is told to.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private const int MostHeldBytes = 64 << 20;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly ConcurrentDictionary<Connection, bool> _open = [];
    private readonly int _serverPort;
    private Allowance? _next;
    private Allowance? _all;
    private long _toServer;
    private long _toClient;
    private int _struck;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _running.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts that were made.</summary>
    public int Struck => Volatile.Read(ref _struck);

    /// <summary>What the newest connection has carried so far.</summary>
    public (long ToServer, long ToClient) Carried { get; private set; }

    /// <summary>The same of all connections together.</summary>
    public (long ToServer, long ToClient) CarriedByAll => (Volatile.Read(ref _toServer), Volatile.Read(ref _toClient));

    /// <summary>The next connection that is opened will be cut; those after it not.</summary>
    public void CutNext(Cut cut) => Volatile.Write(ref _next, new Allowance(cut));

    /// <summary>One of the connections that are opened from now on will be cut, once all of them have carried so much; those after it not.</summary>
    public void CutOnce(Cut cut) => Volatile.Write(ref _all, new Allowance(cut));

    /// <summary>The connections that are open now will be cut, counted from here.</summary>
    public void CutOpen(Cut cut)
    {
        foreach (var connection in _open.Keys)
            connection.Allowance = new Allowance(cut);
    }

    /// <summary>Closes all that are open.</summary>
    public async Task CloseOpenAsync()
    {
        foreach (var connection in _open.Keys)
            await connection.Both.CancelAsync();
        while (!_open.IsEmpty)
            await Task.Delay(1, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _running.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token), Interlocked.Exchange(ref _next, null) ?? Volatile.Read(ref _all)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Assert.True(_stop.IsCancellationRequested, $"the proxy ended: {e.Message}");
        }
    }

    private async Task ServeAsync(Socket client, Allowance? allowance)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using (client)
        {
            Carried = default;
            var connection = new Connection(client, server, both) { Allowance = allowance };
            _open.TryAdd(connection, true);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, both.Token);
                await Task.WhenAll(PumpAsync(connection, Way.ToServer), PumpAsync(connection, Way.ToClient));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // An end is gone, or the cut was made: both ends are closed now.
                return;
            }
            finally
            {
                _open.TryRemove(connection, out _);
            }
        }
    }

    private async Task PumpAsync(Connection connection, Way way)
    {
        try
        {
            await CarryAsync(connection, way);
        }
        catch
        {
            // The other way ends too.
            await connection.Both.CancelAsync();
            throw;
        }
    }

    private async Task CarryAsync(Connection connection, Way way)
    {
        var (from, to) = way == Way.ToServer ? (connection.Client, connection.Server) : (connection.Server, connection.Client);
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, connection.Both.Token) is > 0 and var count)
        {
            var (passing, isCut) = connection.Pass(way, count);
            for (var sent = 0; sent < passing;)
                sent += await to.SendAsync(buffer.AsMemory(sent, passing - sent), connection.Both.Token);
            Carried = way == Way.ToServer ? Carried with { ToServer = Carried.ToServer + passing } : Carried with { ToClient = Carried.ToClient + passing };
            _ = way == Way.ToServer ? Interlocked.Add(ref _toServer, passing) : Interlocked.Add(ref _toClient, passing);
            if (isCut)
                await StrikeAsync(connection, buffer.AsMemory(passing, count - passing));
        }
        to.Shutdown(SocketShutdown.Send);
    }

    // Ends in an exception: nothing is pumped any more.
    private async Task StrikeAsync(Connection connection, ReadOnlyMemory<byte> rest)
    {
        Interlocked.Increment(ref _struck);
        switch (connection.Allowance!.Cut.Kind)
        {
            case CutKind.Reset:
                connection.Client.LingerState = connection.Server.LingerState = new LingerOption(true, 0);
                break;
            case CutKind.Stall:
                await connection.Both.CancelAsync();
                await Task.Delay(Timeout.Infinite, _stop.Token);
                break;
            case CutKind.Late:
                await DeliverLateAsync(connection, rest);
                break;
        }
        throw new OperationCanceledException();
    }

    private async Task DeliverLateAsync(Connection connection, ReadOnlyMemory<byte> rest)
    {
        using var held = new MemoryStream();
        held.Write(rest.Span);
        var buffer = new byte[16 * 1024];
        try
        {
            while (held.Length < MostHeldBytes && await connection.Client.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
                held.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // It hung up without a word.
        }
        await Task.Delay(connection.Allowance!.Cut.LateBy, _stop.Token);
        await connection.Server.SendAsync(held.ToArray(), _stop.Token);
        connection.Server.Shutdown(SocketShutdown.Send);
        // Whatever it answers is for nobody; its end says that it is done.
        while (await connection.Server.ReceiveAsync(buffer, _stop.Token) > 0)
        {
        }
    }

    private sealed class Connection(Socket client, Socket server, CancellationTokenSource both)
    {
        private volatile Allowance? _allowance;

        public Socket Client => client;

        public Socket Server => server;

        /// <summary>Ends the pumps of both ways.</summary>
        public CancellationTokenSource Both => both;

        public Allowance? Allowance
        {
            get => _allowance;
            set => _allowance = value;
        }

        /// <summary>How many of these bytes pass before the cut, and whether it is there.</summary>
        public (int Passing, bool IsCut) Pass(Way way, int count) => _allowance?.Pass(way, count) ?? (count, false);
    }

    /// <summary>What may still pass before the cut, which is made once.</summary>
    private sealed class Allowance(Cut cut)
    {
        private readonly Lock _lock = new();
        private long _left = cut.After;
        private bool _isMade;

        public Cut Cut => cut;

        public (int Passing, bool IsCut) Pass(Way way, int count)
        {
            lock (_lock)
            {
                if (cut.Way != way || _isMade)
                    return (count, false);
                var passing = (int)Math.Min(count, _left);
                _left -= passing;
                _isMade = _left == 0;
                return (passing, _isMade);
            }
        }
    }
}
