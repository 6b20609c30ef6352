using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Boot.Dhcp;

/// <summary>Asks for an address (RFC 2131, section 3.1) while the machine has none and does nothing else: it blocks.</summary>
internal sealed class DhcpClient(string link, byte[] hardwareAddress)
{
    private const int LevelSocket = 1, OptionBindToDevice = 25;
    private static readonly IPEndPoint s_everybody = new(IPAddress.Broadcast, DhcpMessage.ServerPort);

    /// <summary>Asks until a server gives one, and says so when that takes long.</summary>
    public DhcpReply Obtain()
    {
        using var socket = Open();
        for (var (attempt, wait) = (1, Limits.DhcpFirstWait); ; attempt++, wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, Limits.DhcpLongestWait.Ticks)))
        {
            if (TryObtain(socket, wait) is { } lease)
                return lease;
            if (attempt >= Limits.DhcpQuietAttempts)
                MachineConsole.Say($"no DHCP server answers on {link}; asking again (--ipv4 ADDRESS/LENGTH sets an address without one)");
        }
    }

    private DhcpReply? TryObtain(Socket socket, TimeSpan wait)
    {
        var transaction = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
        var discover = new DhcpRequest(DhcpMessageType.Discover, transaction, hardwareAddress);
        if (Ask(socket, discover, wait) is not { Type: DhcpMessageType.Offer } offer)
            return null;
        var request = discover with { Type = DhcpMessageType.Request, Requested = offer.Address, Server = offer.Server };
        return Ask(socket, request, wait) is { Type: DhcpMessageType.Acknowledge } lease ? lease : null;
    }

    private DhcpReply? Ask(Socket socket, DhcpRequest request, TimeSpan wait)
    {
        var until = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        var buffer = new byte[DhcpMessage.LargestLength];
        try
        {
            socket.SendTo(request.Encode(), s_everybody);
            while (until - Environment.TickCount64 is > 0 and var left)
            {
                socket.ReceiveTimeout = (int)left;
                var length = socket.Receive(buffer);
                var reply = DhcpReply.Read(buffer.AsSpan(0, length), request.Transaction, hardwareAddress);
                if (reply is not null && (request.Server is null || request.Server.Equals(reply.Server)) && reply.Type != DhcpMessageType.Offer == request.Server is not null)
                    return reply;
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return null;
        }
        catch (SocketException)
        {
            // The link is not ready yet.
            Thread.Sleep(Limits.DhcpFirstWait);
        }
        return null;
    }

    private Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        // What is sent to all needs no route when the socket belongs to a link.
        socket.SetRawSocketOption(LevelSocket, OptionBindToDevice, Encoding.ASCII.GetBytes(link + '\0'));
        socket.Bind(new IPEndPoint(IPAddress.Any, DhcpMessage.ClientPort));
        return socket;
    }
}
