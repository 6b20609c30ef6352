using System.Net;
using System.Net.Sockets;

namespace Pasteur.Bench;

/// <summary>Passes connections on to another port of this machine, and counts what they carry: everything above TCP.</summary>
internal sealed class CountingProxy(int port, int target)
{
    private long _there;
    private long _back;

    /// <summary>For each line asked, answers the bytes that went there and came back so far. Ends with the questions.</summary>
    public async Task<int> RunAsync(TextReader questions, TextWriter answers)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var accepting = AcceptAsync(listener, stop.Token);
        while (await questions.ReadLineAsync() is not null)
        {
            await answers.WriteLineAsync($"{Interlocked.Read(ref _there)} {Interlocked.Read(ref _back)}");
            await answers.FlushAsync();
        }
        await stop.CancelAsync();
        await accepting;
        return 0;
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                passing.Add(PassAsync(await listener.AcceptSocketAsync(cancellationToken), cancellationToken));
                passing.RemoveAll(connection => connection.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(Socket from, CancellationToken cancellationToken)
    {
        using var to = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (from)
        {
            from.NoDelay = true;
            try
            {
                await to.ConnectAsync(IPAddress.Loopback, target, cancellationToken);
                await Task.WhenAll(
                    PumpAsync(from, to, bytes => Interlocked.Add(ref _there, bytes), cancellationToken),
                    PumpAsync(to, from, bytes => Interlocked.Add(ref _back, bytes), cancellationToken));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // One side is gone: the other is told so by the end of its connection.
            }
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Action<int> count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, cancellationToken) is var read and > 0)
        {
            count(read);
            for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), cancellationToken);
        }
        to.Shutdown(SocketShutdown.Send);
    }
}
