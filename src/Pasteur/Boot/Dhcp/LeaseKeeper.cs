using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pasteur.Configuration;

namespace Pasteur.Boot.Dhcp;

/// <summary>
/// Prolongs a lease for as long as the machine runs (RFC 2131, section 4.4.5): from T1 on it asks the server that gave it, from T2 on all of them.
/// It needs no privilege, and so can't change the address: a lease that is lost ends the machine, which asks anew when it starts.
/// </summary>
internal sealed class LeaseKeeper(DhcpReply lease, byte[] hardwareAddress)
{
    /// <summary>Returns when the lease is lost.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        for (var current = lease; await ProlongAsync(current, cancellationToken) is { } next; current = next)
        {
            // Every lease says when the next is due.
        }
        MachineConsole.Say($"the lease of {lease.Address} has ended; the machine starts anew to ask for another");
    }

    private async Task<DhcpReply?> ProlongAsync(DhcpReply current, CancellationToken cancellationToken)
    {
        if (current is not { Lease: { } ends, Renewal: { } renewal, Rebinding: { } rebinding })
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }
        var since = Environment.TickCount64;
        TimeSpan Age() => TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
        await DelayAsync(renewal, cancellationToken);
        while (Age() < ends)
        {
            var to = new IPEndPoint(Age() < rebinding ? current.Server : IPAddress.Broadcast, DhcpMessage.ServerPort);
            switch (await AskAsync(current.Address, to, cancellationToken))
            {
                case { Type: DhcpMessageType.Acknowledge } next when next.Address.Equals(current.Address):
                    return next;
                case not null:
                    return null;
            }
            // Half of what is left, but not more often than each minute (section 4.4.5).
            var left = ends - Age();
            await DelayAsync(left / 2 > Limits.DhcpLeastRenewalPause ? left / 2 : Limits.DhcpLeastRenewalPause < left ? Limits.DhcpLeastRenewalPause : left, cancellationToken);
        }
        return null;
    }

    /// <summary>Null: nobody answered.</summary>
    private async Task<DhcpReply?> AskAsync(IPAddress own, IPEndPoint to, CancellationToken cancellationToken)
    {
        var request = new DhcpRequest(DhcpMessageType.Request, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)), hardwareAddress) { Own = own };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Limits.DhcpRenewalWait);
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
            socket.Bind(new IPEndPoint(own, DhcpMessage.ClientPort));
            await socket.SendToAsync(request.Encode(), to, patience.Token);
            var buffer = new byte[DhcpMessage.LargestLength];
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, patience.Token);
                if (DhcpReply.Read(buffer.AsSpan(0, length), request.Transaction, hardwareAddress) is { Type: not DhcpMessageType.Offer } reply)
                    return reply;
            }
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    // Task.Delay takes no more than 49 days; a lease may be longer.
    private static async Task DelayAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var longest = TimeSpan.FromDays(30);
        for (; time > longest; time -= longest)
            await Task.Delay(longest, cancellationToken);
        if (time > TimeSpan.Zero)
            await Task.Delay(time, cancellationToken);
    }
}
