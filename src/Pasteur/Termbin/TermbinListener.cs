using System.Net;
using System.Net.Sockets;
using Pasteur.Configuration;
using Pasteur.Pastes;

namespace Pasteur.Termbin;

/// <summary>
/// Takes pastes over bare TCP, as termbin.com does: <c>nc host port &lt;file</c>. Whatever comes until the sender closes its side or pauses
/// is a paste; its address is the answer. Bounded in connections, in memory and in time.
/// </summary>
internal sealed partial class TermbinListener : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly TermbinSite _site;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly SemaphoreSlim _places = new(Limits.MaxTermbinConnections);
    private readonly MemoryBudget _memory;
    private Task _accepting = Task.CompletedTask;

    private TermbinListener(Socket listener, TermbinSite site, ILogger log)
    {
        (_listener, _site, _log) = (listener, site, log);
        _memory = new MemoryBudget(Limits.MaxBodyBytesInMemory(site.MaxPasteBytes));
    }

    /// <summary>With the real port, even when 0 was asked for.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <exception cref="StartFailedException">The port is not to be had.</exception>
    public static TermbinListener Start(IPEndPoint address, TermbinSite site, ILogger log)
    {
        var isEvery = address.Address.Equals(IPAddress.IPv6Any);
        var own = isEvery && !Socket.OSSupportsIPv6 ? new IPEndPoint(IPAddress.Any, address.Port) : address;
        var socket = new Socket(own.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (isEvery && own.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
            socket.Bind(own);
            socket.Listen();
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new StartFailedException(ExitCodes.AddressUnavailable, $"can't listen on {address} for netcat: {e.Message}; give --termbin-port another number", e);
        }
        var listener = new TermbinListener(socket, site, log);
        listener._accepting = listener.AcceptAsync();
        return listener;
    }

    /// <summary>Takes no more, and finishes what has begun.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _abort.CancelAfter(Limits.RequestDrainTimeout);
        for (var place = 0; place < Limits.MaxTermbinConnections; place++) await _places.WaitAsync(CancellationToken.None);
        _places.Dispose();
        _abort.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                // Who finds no place is not kept waiting for an hour: the connection closes.
                if (_places.Wait(0, CancellationToken.None)) _ = ServeAsync(socket);
                else socket.Dispose();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Of a client that left at once, or there are no descriptors left: the next may be luckier.
                await Task.Delay(Limits.AcceptRetry, CancellationToken.None);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var conversation = new TermbinConversation(socket, _site, _memory);
            await conversation.RunAsync(_abort.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client is gone, or too slow to be answered.
        }
        catch (Exception e)
        {
            LogFault(e);
        }
        finally
        {
            _places.Release();
        }
    }

    [LoggerMessage(LogLevel.Error, "A paste over TCP failed.")]
    private partial void LogFault(Exception exception);
}
