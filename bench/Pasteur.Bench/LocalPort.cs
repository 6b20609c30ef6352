using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pasteur.Bench;

/// <summary>A site of this machine, asked whether it is there yet.</summary>
internal static class LocalPort
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Whether the answer is 200. After another, or none, it comes back a little later.</summary>
    public static async Task<bool> AnswersAsync(int port, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            await Task.Delay(Pause);
            return false;
        }
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        var answer = new byte[12];
        var length = await socket.ReceiveAsync(answer);
        if (answer.AsSpan(0, length).SequenceEqual("HTTP/1.1 200"u8)) return true;
        await Task.Delay(Pause);
        return false;
    }
}
