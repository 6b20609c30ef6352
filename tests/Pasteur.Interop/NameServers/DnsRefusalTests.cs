using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pasteur.Dns;
using Pasteur.Dns.Exchange;
using Pasteur.Dns.Messages;
using Pasteur.Dns.Updates;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.NameServers;

/// <summary>What real servers say no with, each in words of its own; the secret is in none.</summary>
public sealed class DnsRefusalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Servers => [.. NameServer.Kinds];

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Wrong_keys_and_names_are_told_apart(string kind)
    {
        await using var server = await NameServer.StartAsync(kind);
        var (name, algorithm, secret) = NameServer.Keys[0];

        await AssertRefusedAsync(server, NameServer.Read(("unknown", algorithm, secret)), "pasteur.test", DnsFailure.BadKey, "does not take the key unknown (hmac-sha256)");
        await AssertRefusedAsync(server, NameServer.Read((name, "hmac-sha512", secret)), "pasteur.test", DnsFailure.BadKey, "does not take the key acme-256 (hmac-sha512)");
        await AssertRefusedAsync(server, NameServer.Read((name, algorithm, NameServer.Keys[1].Secret)), "pasteur.test", DnsFailure.BadSignature, "has another secret for the key acme-256 (hmac-sha256) (BADSIG)");
        await AssertRefusedAsync(server, NameServer.Key("acme-256"), "example.net", DnsFailure.NoZone, "serves no zone that holds _acme-challenge.example.net");
        await AssertRefusedAsync(server, NameServer.Key("acme-256"), "circle.pasteur.test", DnsFailure.TooManyAliases, "its aliases run in circles");
        await AssertRefusedAsync(server, NameServer.Key("acme-256"), "away.pasteur.test", DnsFailure.NoZone,
            "_acme-challenge.away.pasteur.test is an alias of x.elsewhere.example, but the DNS server");
        await AssertRefusedAsync(server, NameServer.Key("acme-256"), "www.left.pasteur.test", DnsFailure.NoZone, "leaves _acme-challenge.www.left.pasteur.test to the servers of left.pasteur.test");
        Assert.Empty(await server.TextsAsync("_acme-challenge.pasteur.test"));
    }

    [Theory]
    [InlineData("BIND", nameof(DnsFailure.Refused), "refuses to change _acme-challenge.pasteur.test (REFUSED)")]
    [InlineData("Knot", nameof(DnsFailure.BadKey), "does not take the key reader (hmac-sha256) for _acme-challenge.pasteur.test (BADKEY)")]
    public async Task A_key_that_may_not_change_the_name_is_told(string kind, string failure, string expected)
    {
        await using var server = await NameServer.StartAsync(kind);
        await AssertRefusedAsync(server, NameServer.Key("reader"), "pasteur.test", Enum.Parse<DnsFailure>(failure), expected);
    }

    [Theory]
    [InlineData("BIND", 3600, "ahead of")]
    [InlineData("BIND", -1000, "behind")]
    [InlineData("Knot", 3600, "ahead of")]
    [InlineData("Knot", -1000, "behind")]
    public async Task A_clock_that_is_wrong_is_told_with_the_difference(string kind, int seconds, string way)
    {
        const int mostUnderWay = 15;
        await using var server = await NameServer.StartAsync(kind);

        var failed = await AssertRefusedAsync(server, NameServer.Key("acme-256"), "pasteur.test", DnsFailure.BadTime, "this machine's clock is ", new SkewedClock(seconds));

        Assert.Contains($" seconds {way} that of the DNS server {server.Address} (BADTIME): set it; 300 seconds are the most that is allowed", failed.Message, StringComparison.Ordinal);
        var told = int.Parse(failed.Message["this machine's clock is ".Length..].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(told, Math.Abs(seconds) - mostUnderWay, Math.Abs(seconds) + mostUnderWay);
    }

    [Theory]
    [InlineData("BIND", "example.net", "_acme-challenge.example.net", nameof(DnsFailure.NotAuth), "is not the primary of zone example.net")]
    [InlineData("Knot", "example.net", "_acme-challenge.example.net", nameof(DnsFailure.NotAuth), "is not the primary of zone example.net")]
    [InlineData("BIND", "pasteur.test", "_acme-challenge.example.net", nameof(DnsFailure.NotZone), "says that _acme-challenge.example.net is not within zone pasteur.test (NOTZONE)")]
    public async Task A_zone_that_is_not_the_servers_is_told(string kind, string zone, string owner, string failure, string expected)
    {
        await using var server = await NameServer.StartAsync(kind);
        var key = NameServer.Key("acme-256");
        var updater = new Updater(new DnsServer(server.Address, TimeProvider.System), key, new DnsRefusals(server.Address, key), TimeProvider.System);

        var refusal = await updater.ChangeAsync(new Place(Name(owner), Name(zone)), "the-proof", isAddition: true, Token);

        Assert.Equal(Enum.Parse<DnsFailure>(failure), refusal!.Failure);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_it_is_said_at_once()
    {
        var address = new IPEndPoint(IPAddress.Loopback, Ports.Free());

        var outcome = await new ChallengePublisher(NameServer.Key("acme-256"), address, TimeProvider.System).PublishAsync("pasteur.test", "the-proof", Token);

        var failed = Assert.IsType<DnsOutcome.Failed>(outcome);
        Assert.Equal((DnsFailure.Unreachable, $"the DNS server {address} can't be reached: Connection refused"), (failed.Failure, failed.Message));
    }

    [Fact]
    public async Task A_firewall_that_swallows_datagrams_leaves_TCP()
    {
        await using var server = await NameServer.StartAsync("BIND");
        await using var proxy = new CuttingProxy(server.Port);
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, proxy.Port));
        var key = NameServer.Key("acme-256");
        var asked = new DnsServer(new IPEndPoint(IPAddress.Loopback, proxy.Port), TimeProvider.System);

        var refusal = await new Updater(asked, key, new DnsRefusals(asked.Address, key), TimeProvider.System)
            .ChangeAsync(new Place(Name("_acme-challenge.pasteur.test"), Name("pasteur.test")), "the-proof", isAddition: true, Token);

        Assert.Null(refusal);
        Assert.Equal(["the-proof"], await server.TextsAsync("_acme-challenge.pasteur.test"));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var mute = new TcpListener((IPEndPoint)deaf.LocalEndPoint!);
        mute.Start();

        var outcome = await new ChallengePublisher(NameServer.Key("acme-256"), (IPEndPoint)deaf.LocalEndPoint!, TimeProvider.System).PublishAsync("pasteur.test", "the-proof", Token);

        var failed = Assert.IsType<DnsOutcome.Failed>(outcome);
        Assert.Equal(DnsFailure.TimedOut, failed.Failure);
        Assert.Matches("did not answer within 1[0-9] seconds, by UDP or TCP", failed.Message);
    }

    private static async Task<DnsOutcome.Failed> AssertRefusedAsync(NameServer server, TsigKey key, string name, DnsFailure failure, string expected, TimeProvider? time = null)
    {
        var outcome = await new ChallengePublisher(key, server.Address, time ?? TimeProvider.System).PublishAsync(name, "the-proof", Token);

        var failed = Assert.IsType<DnsOutcome.Failed>(outcome);
        Assert.Equal(failure, failed.Failure);
        Assert.Contains(expected, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failed.Message, char.IsControl);
        Assert.All(NameServer.Keys, k => Assert.DoesNotContain(k.Secret, failed.Message, StringComparison.Ordinal));
        return failed;
    }

    private static DnsName Name(string text) => DnsName.TryParse(text, out var name) ? name : throw new ArgumentException(text);

    private sealed class SkewedClock(int seconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddSeconds(seconds);
    }
}
