using System.Net;
using Pasteur.Limiting;

namespace Pasteur.Tests.Limiting;

/// <summary>Attacks on the table: it neither grows, nor forgets those who owe for those who do not.</summary>
public class DebtTableTests
{
    private const long Second = 1_000_000;
    private const long Most = 300 * Second;

    [Fact]
    public void Somebody_with_a_thousand_thousand_networks_gets_nobody_out_who_owes_more()
    {
        var table = new DebtTable();
        var guilty = Enumerable.Range(0, 1000).Select(i => ClientNetwork.Of(new IPAddress([203, (byte)(i >> 8), (byte)i, 1]))).ToList();
        foreach (var network in guilty) table.Add(network, 0, Most, Most, now: Second);

        // A /32 of IPv6, one request from each of its networks, all within a second.
        for (ulong i = 0; i < 2_000_000; i++)
            table.TryAdd((2UL << 56) | (0x2001_0db8UL << 24) | (i & 0xff_ffff), 0, Second, Most, now: (2 * Second) - 1);

        Assert.All(guilty, network => Assert.Equal(Most - Second, table.Debt(network, 0, now: 2 * Second)));
        Assert.All(guilty, network => Assert.Equal(Second, table.TryAdd(network, 0, 2 * Second, Most, now: 2 * Second)));
    }

    [Fact]
    public void However_many_come_it_takes_no_more_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = new DebtTable();
        for (ulong i = 0; i < 3_000_000; i++) table.TryAdd((2UL << 56) | i, (int)(i % DebtTable.Kinds), Second, Most, now: (long)i);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(bytes, 1 << 20, 20_000_000);
    }

    [Fact]
    public void A_hundred_thousand_networks_are_all_remembered()
    {
        var table = new DebtTable();
        for (ulong i = 1; i <= 100_000; i++) table.Add((2UL << 56) | (i << 20), 1, 10 * Second, Most, now: Second);
        var known = 0;
        for (ulong i = 1; i <= 100_000; i++) known += table.Debt((2UL << 56) | (i << 20), 1, now: Second) > 0 ? 1 : 0;

        Assert.InRange(known, 99_500, 100_000);
    }

    [Fact]
    public void A_newcomer_owes_nothing_of_what_stood_in_its_place()
    {
        var table = new DebtTable();
        for (ulong i = 1; i <= 400_000; i++) table.Add((2UL << 56) | i, 2, Most, Most, now: Second);
        for (ulong i = 1; i <= 400_000; i++)
        {
            Assert.Equal(0, table.TryAdd((1UL << 56) | i, 0, Second, Most, now: Second));
            Assert.Equal(0, table.Debt((1UL << 56) | i, 2, now: Second));
        }
    }
}
