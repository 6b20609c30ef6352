using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pasteur.Bench;

/// <summary>How soon after its start a site answers, and what it holds of memory when nobody asks anything.</summary>
internal sealed record StartupRun(double FirstAnswerMilliseconds, double IdleMegabytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);
    private static readonly byte[] Request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray();

    /// <summary>From before the process is made until the status line 200 is here.</summary>
    public static async Task<StartupRun> MeasureAsync(string program, string data)
    {
        var port = FreePort();
        var clock = Stopwatch.StartNew();
        using var site = SiteProcess.Start(program, data, port);
        while (!await AnswersAsync(port))
        {
            if (clock.Elapsed > Patience) throw new InvalidOperationException($"no answer in {Patience}: {site.Errors}");
        }
        var elapsed = clock.Elapsed;
        await Task.Delay(Idle);
        var resident = site.ResidentBytes();
        var exitCode = await site.StopAsync();
        if (exitCode != 0) throw new InvalidOperationException($"the site ended with {exitCode}: {site.Errors}");
        return new StartupRun(elapsed.TotalMilliseconds, resident / (1024.0 * 1024));
    }

    public override string ToString() => FormattableString.Invariant($"{FirstAnswerMilliseconds:F1} {IdleMegabytes:F1}");

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            await Task.Delay(1);
            return false;
        }
        await socket.SendAsync(Request);
        var answer = new byte[12];
        var length = await socket.ReceiveAsync(answer);
        return answer.AsSpan(0, length).SequenceEqual("HTTP/1.1 200"u8);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
