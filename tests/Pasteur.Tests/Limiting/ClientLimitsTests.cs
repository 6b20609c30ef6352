using System.Net;
using Pasteur.Configuration;
using Pasteur.Limiting;

namespace Pasteur.Tests.Limiting;

public class ClientLimitsTests
{
    private static readonly Rate TenAMinute = new(10, TimeSpan.FromMinutes(1));
    private static readonly IPAddress Client = IPAddress.Parse("203.0.113.77");

    private readonly TestClock _clock = new();

    [Fact]
    public void So_many_at_once_and_one_more_as_each_is_paid_off()
    {
        var limits = new ClientLimits(new RateSettings(TenAMinute, null, null), _clock);
        for (var i = 0; i < 10; i++) Assert.Null(limits.TakeWrite(Client));

        Assert.Equal(TimeSpan.FromSeconds(6), limits.TakeWrite(Client));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(2), limits.TakeWrite(Client));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(limits.TakeWrite(Client));
        Assert.NotNull(limits.TakeWrite(Client));
        _clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 10; i++) Assert.Null(limits.TakeWrite(Client));
        Assert.NotNull(limits.TakeWrite(Client));
    }

    [Fact]
    public void Another_network_is_not_held_to_it()
    {
        var limits = new ClientLimits(new RateSettings(TenAMinute, null, null), _clock);
        for (var i = 0; i < 20; i++) limits.TakeWrite(Client);

        Assert.NotNull(limits.TakeWrite(IPAddress.Parse("203.0.113.1")));
        Assert.Null(limits.TakeWrite(IPAddress.Parse("203.0.114.1")));
    }

    [Fact]
    public void Misses_and_bytes_count_once_they_are_known()
    {
        var limits = new ClientLimits(new RateSettings(null, TenAMinute, new Rate(1000, TimeSpan.FromMinutes(1))), _clock);

        for (var i = 0; i < 10; i++)
        {
            Assert.Null(limits.WaitForReading(Client));
            limits.AddMiss(Client);
        }
        Assert.Equal(TimeSpan.FromSeconds(6), limits.WaitForReading(Client));
        Assert.Null(limits.TakeWrite(Client));

        limits.AddBytes(Client, 1_000_000);
        Assert.InRange(limits.TakeWrite(Client)!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61)); // nobody waits for longer
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(limits.TakeWrite(Client));
        Assert.Null(limits.WaitForReading(Client));
    }

    [Fact]
    public void Without_rates_and_on_this_machine_nobody_is_counted()
    {
        var none = new ClientLimits(RateSettings.None, _clock);
        var some = new ClientLimits(new RateSettings(TenAMinute, TenAMinute, TenAMinute), _clock);
        for (var i = 0; i < 1000; i++)
        {
            none.AddMiss(Client);
            none.AddBytes(Client, 1 << 20);
            some.AddMiss(IPAddress.IPv6Loopback);
            some.AddBytes(null, 1 << 20);
            Assert.Null(none.TakeWrite(Client));
            Assert.Null(none.WaitForReading(Client));
            Assert.Null(some.TakeWrite(IPAddress.IPv6Loopback));
            Assert.Null(some.TakeWrite(null));
            Assert.Null(some.WaitForReading(IPAddress.Loopback));
        }
    }

    [Fact]
    public async Task All_at_the_same_instant_are_no_more()
    {
        var limits = new ClientLimits(new RateSettings(new Rate(1000, TimeSpan.FromHours(1)), null, null), _clock);
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    if (limits.TakeWrite(Client) is null) Interlocked.Increment(ref taken);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(1000, taken);
    }
}
