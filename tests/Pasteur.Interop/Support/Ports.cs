using System.Net;
using System.Net.Sockets;

namespace Pasteur.Interop.Support;

/// <summary>
/// Ports for servers that must be told theirs before they start. They lie below the kernel's ephemeral range (from 32768 on):
/// one from inside it, found free and given back, may be another test's connection or server by the time it is bound.
/// </summary>
internal static class Ports
{
    private const int First = 12_000;
    private const int Count = 16_000;

    // Test runs side by side on one machine begin at places of their own.
    private static int s_last = Environment.ProcessId * 389;

    /// <summary>Free for TCP and UDP, on every local address; given once.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_last) % Count);
            if (IsFree(SocketType.Stream, ProtocolType.Tcp, port) && IsFree(SocketType.Dgram, ProtocolType.Udp, port))
                return port;
        }
    }

    private static bool IsFree(SocketType type, ProtocolType protocol, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, type, protocol) { DualMode = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
