using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Limiting;

/// <summary>What networks are held to. None of it is written down, and none of it outlives the program.</summary>
internal sealed class ClientLimits(RateSettings rates, TimeProvider time)
{
    private const int WriteKind = 0, MissKind = 1, ByteKind = 2;

    private readonly DebtTable _debts = new();

    /// <summary>One write more, or how long its sender is to wait.</summary>
    public TimeSpan? TakeWrite(IPAddress? client)
    {
        var network = ClientNetwork.Of(client);
        if (network == ClientNetwork.None) return null;
        if (WaitFor(rates.Bytes, ByteKind, network) is { } wait) return wait;
        return rates.Writes is { } rate && _debts.TryAdd(network, WriteKind, Cost(rate, 1), Micros(rate.Per), Now()) is > 0 and var micros ? Wait(micros) : null;
    }

    /// <summary>What a write brought; known once it has arrived, and so it counts for the next.</summary>
    public void AddBytes(IPAddress? client, long bytes) => Add(rates.Bytes, ByteKind, client, bytes);

    /// <summary>How long somebody who asked for too much that is not there, or with wrong words, is to wait.</summary>
    public TimeSpan? WaitForReading(IPAddress? client)
    {
        var network = ClientNetwork.Of(client);
        return network == ClientNetwork.None ? null : WaitFor(rates.Misses, MissKind, network);
    }

    public void AddMiss(IPAddress? client) => Add(rates.Misses, MissKind, client, 1);

    private TimeSpan? WaitFor(Rate? rate, int kind, ulong network) =>
        rate is not null && _debts.Debt(network, kind, Now()) - Micros(rate.Per) + Cost(rate, 1) is > 0 and var micros ? Wait(micros) : null;

    private void Add(Rate? rate, int kind, IPAddress? client, long amount)
    {
        var network = ClientNetwork.Of(client);
        // What came at the same time is counted too, but nobody is kept out for longer than twice the time.
        if (rate is not null && network != ClientNetwork.None) _debts.Add(network, kind, Cost(rate, amount), 2 * Micros(rate.Per), Now());
    }

    private static long Cost(Rate rate, long amount) => (long)Math.Ceiling(amount * (double)Micros(rate.Per) / rate.Count);

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static TimeSpan Wait(long micros) => new(micros * TimeSpan.TicksPerMicrosecond);

    private long Now() => Micros(time.GetElapsedTime(0));
}
