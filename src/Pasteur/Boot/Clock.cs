using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>The machine's clock: set by a server when one is named, otherwise looked at, since some machines have none and begin in 1970.</summary>
internal static unsafe class Clock
{
    private const int ClockRealtime = 0;

    /// <summary>Whether it can be right.</summary>
    public static bool IsSet => DateTimeOffset.UtcNow >= Limits.EarliestNow;

    /// <param name="server">Asked first; null for the machine's own clock.</param>
    /// <param name="others">Asked when that clock can't be right.</param>
    public static void Set(string? server, IReadOnlyList<IPAddress> others)
    {
        string[] servers = server is not null ? [server] : IsSet ? [] : [.. others.Select(address => address.ToString())];
        foreach (var name in servers)
        {
            if (Ask(name) is { } now)
            {
                SetTo(now);
                return;
            }
            MachineConsole.Say($"the time server {name} does not answer");
        }
        if (!IsSet)
            MachineConsole.Say($"the clock says {DateTimeOffset.UtcNow:yyyy-MM-dd}, and pastes will be dated so; give --ntp HOST, or the machine a clock");
    }

    private static DateTimeOffset? Ask(string server)
    {
        for (var attempt = 0; attempt < Limits.TimeServerAttempts; attempt++)
        {
            try
            {
                using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Limits.TimeServerWait.TotalMilliseconds };
                socket.Connect(server, Sntp.Port);
                var nonce = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
                socket.Send(Sntp.Request(nonce));
                var reply = new byte[Sntp.Length];
                if (Sntp.Read(reply.AsSpan(0, socket.Receive(reply)), nonce) is { } now && now >= Limits.EarliestNow)
                    return now;
            }
            catch (SocketException)
            {
                // No answer, or no such host yet.
                continue;
            }
        }
        return null;
    }

    private static void SetTo(DateTimeOffset now)
    {
        var ticks = now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        long* time = stackalloc long[2] { seconds, rest * TimeSpan.NanosecondsPerTick };
        if (Native.SetClock(ClockRealtime, time) != 0)
            MachineConsole.Say($"the clock can't be set: {Native.Reason}");
        else
            MachineConsole.Say($"the clock is set: {now:yyyy-MM-ddTHH:mm:ssZ}");
    }
}
