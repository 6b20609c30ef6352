using System.Diagnostics;
using System.Globalization;
using System.Net;
using Pasteur.Limiting;

namespace Pasteur.Bench;

/// <summary>What it costs to count a request with its client's network, when so many networks are known.</summary>
internal static class RateLimitRun
{
    private const int Requests = 4_000_000;
    private const long Most = 300_000_000, Cost = 1_000_000;

    /// <returns>MB held; ns a request whose network is known, of the look before a read, of a request from a network never seen before; threads together.</returns>
    public static string Measure(int networks)
    {
        var addresses = new IPAddress[networks];
        for (var i = 0; i < networks; i++) addresses[i] = Address(i);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new DebtTable();
        foreach (var address in addresses) table.TryAdd(ClientNetwork.Of(address), 0, Cost, Most, Now());
        var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;

        var write = Nanoseconds(1, i => table.TryAdd(ClientNetwork.Of(addresses[i % networks]), 0, Cost, Most, Now()));
        var both = Nanoseconds(2, i => table.TryAdd(ClientNetwork.Of(addresses[i % networks]), 0, Cost, Most, Now()));
        var look = Nanoseconds(1, i => table.Debt(ClientNetwork.Of(addresses[i % networks]), 1, Now()));
        var rotating = new byte[16];
        (rotating[0], rotating[1]) = (0x20, 0x01);
        var hostile = Nanoseconds(1, i =>
        {
            (rotating[4], rotating[5], rotating[6]) = ((byte)(i >> 16), (byte)(i >> 8), (byte)i);
            return table.TryAdd(ClientNetwork.Of(new IPAddress(rotating)), 0, Cost, Most, Now());
        });
        GC.KeepAlive(table);
        return string.Create(CultureInfo.InvariantCulture, $"{megabytes:0.0} {write:0} {both:0} {look:0} {hostile:0}");
    }

    // Half of them of IPv6. The order in which they come is none of the table's: multiplying by an odd number mixes it.
    private static IPAddress Address(int i)
    {
        var mixed = (uint)i * 2_654_435_761;
        return i % 2 == 0
            ? new IPAddress([(byte)(1 + (mixed >> 25)), (byte)(mixed >> 16), (byte)(mixed >> 8), (byte)mixed])
            : new IPAddress([0x20, 0x01, 0x0d, 0xb8, (byte)(mixed >> 24), (byte)(mixed >> 16), (byte)(mixed >> 8), (byte)mixed, 0, 0, 0, 0, 0, 0, 0, 1]);
    }

    private static double Nanoseconds(int threads, Func<int, long> request)
    {
        var started = Stopwatch.GetTimestamp();
        var all = Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            for (var i = 0; i < Requests; i++) request(((i * 7919) + t) & int.MaxValue);
        })).ToList();
        foreach (var thread in all) thread.Start();
        foreach (var thread in all) thread.Join();
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Requests;
    }

    private static long Now() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
}
