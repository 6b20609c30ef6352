using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pasteur.Dns.Messages;

namespace Pasteur.Dns.Exchange;

/// <summary>
/// Asks one server: over UDP, again when nothing comes, and over TCP when the answer does not fit, when the request does not, or when
/// datagrams don't arrive (RFC 1035 section 4.2, RFC 7766). Each request has a socket, and so a port, of its own.
/// </summary>
internal sealed class DnsServer(IPEndPoint address, TimeProvider time)
{
    private const int LengthBytes = sizeof(ushort);

    public IPEndPoint Address => address;

    public async Task<Reply> AskAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (request.Length <= DnsLimits.MaxUdpRequestBytes)
        {
            foreach (var wait in DnsLimits.UdpWaits)
            {
                var reply = await TryAsync(AskUdpAsync, request, wait, cancellationToken).ConfigureAwait(false);
                if (reply is Reply.Answered { Message.IsTruncated: false })
                    return reply;
                if (reply is not Reply.Silent)
                    break;
            }
        }
        var last = await TryAsync(AskTcpAsync, request, DnsLimits.TcpWait, cancellationToken).ConfigureAwait(false);
        return last is Reply.Silent ? new Reply.Silent(time.GetElapsedTime(started)) : last;
    }

    private async Task<Reply> TryAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, Task<Reply>> ask, ReadOnlyMemory<byte> request, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ask(request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply.Silent(wait);
        }
        catch (SocketException e)
        {
            return new Reply.Unreachable(e.Message);
        }
    }

    private async Task<Reply> AskUdpAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        // Connected: only datagrams of this server come through, and its host's "nobody listens" too.
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[DnsLimits.MaxMessageBytes];
        for (var strays = 0; strays < DnsLimits.MaxStrayDatagrams; strays++)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (DnsMessage.Read(buffer.AsMemory(0, length)) is { } message && Answers(message, request.Span))
                return new Reply.Answered(message);
        }
        return new Reply.Malformed();
    }

    private async Task<Reply> AskTcpAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
        var framed = new byte[LengthBytes + request.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, checked((ushort)request.Length));
        request.CopyTo(framed.AsMemory(LengthBytes));
        for (var sent = 0; sent < framed.Length;)
            sent += await socket.SendAsync(framed.AsMemory(sent), cancellationToken).ConfigureAwait(false);

        var head = new byte[LengthBytes];
        if (!await FillAsync(socket, head, cancellationToken).ConfigureAwait(false))
            return new Reply.Malformed();
        var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        return await FillAsync(socket, body, cancellationToken).ConfigureAwait(false)
            && DnsMessage.Read(body) is { } message && Answers(message, request.Span)
            ? new Reply.Answered(message)
            : new Reply.Malformed();
    }

    /// <summary>Whether it is the answer to this very request. One to an update need not repeat the zone (RFC 2136 section 3.8), nor one that is an error.</summary>
    private static bool Answers(DnsMessage message, ReadOnlySpan<byte> request)
    {
        var asked = new DnsReader(request, DnsMessage.HeaderBytes);
        if (!message.IsResponse || message.Id != BinaryPrimitives.ReadUInt16BigEndian(request) || message.Opcode != (Opcode)(request[2] >> 3)
            || !asked.TryReadName(out var name) || !asked.TryReadUInt16(out var type))
        {
            return false;
        }
        return message.Questions.Count == 0
            ? message.Opcode == Opcode.Update || message.Code != ResponseCode.NoError
            : message.Questions is [var question] && question.Name.Equals(name) && question.Type == (RecordType)type;
    }

    private static async ValueTask<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            var count = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                return false;
            buffer = buffer[count..];
        }
        return true;
    }
}
