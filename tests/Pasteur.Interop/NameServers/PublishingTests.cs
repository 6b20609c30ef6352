using Pasteur.Dns;

namespace Pasteur.Interop.NameServers;

/// <summary>Challenges as a certificate authority would look for them, in the zones of real servers.</summary>
public sealed class PublishingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Servers => [.. NameServer.Kinds];

    public static MatrixTheoryData<string, string> ServersAndKeys => new(NameServer.Kinds, ["acme-256", "acme-384", "acme-512"]);

    [Theory]
    [MemberData(nameof(ServersAndKeys))]
    public async Task A_challenge_is_on_the_primary_when_it_is_published_and_gone_when_it_is_removed(string kind, string key)
    {
        await using var server = await NameServer.StartAsync(kind);
        var publisher = server.Publisher(key);

        Assert.Equal(Done("_acme-challenge.www.pasteur.test"), await publisher.PublishAsync("www.pasteur.test", "the-proof", Token));
        Assert.Equal(["the-proof"], await server.TextsAsync("_acme-challenge.www.pasteur.test"));

        Assert.Equal(Done("_acme-challenge.www.pasteur.test"), await publisher.RemoveAsync("www.pasteur.test", "the-proof", Token));
        Assert.Empty(await server.TextsAsync("_acme-challenge.www.pasteur.test"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_name_and_its_wildcard_are_proved_side_by_side(string kind)
    {
        await using var server = await NameServer.StartAsync(kind);
        var publisher = server.Publisher();

        await publisher.PublishAsync("pasteur.test", "proof-1", Token);
        Assert.Equal(Done("_acme-challenge.pasteur.test"), await publisher.PublishAsync("*.Pasteur.TEST", "proof-2", Token));
        Assert.Equal(["proof-1", "proof-2"], await server.TextsAsync("_acme-challenge.pasteur.test"));

        await publisher.RemoveAsync("*.pasteur.test", "proof-2", Token);
        Assert.Equal(["proof-1"], await server.TextsAsync("_acme-challenge.pasteur.test"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task An_alias_is_followed_into_another_zone(string kind)
    {
        await using var server = await NameServer.StartAsync(kind);
        var publisher = server.Publisher();

        Assert.Equal(new DnsOutcome.Done("second.proofs.test", "proofs.test"), await publisher.PublishAsync("alias.pasteur.test", "the-proof", Token));
        Assert.Equal(["the-proof"], await server.TextsAsync("second.proofs.test"));

        await publisher.RemoveAsync("alias.pasteur.test", "the-proof", Token);
        Assert.Empty(await server.TextsAsync("second.proofs.test"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task The_alias_that_a_wildcard_makes_of_every_name_is_not_followed(string kind)
    {
        await using var server = await NameServer.StartAsync(kind);

        Assert.Equal(new DnsOutcome.Done("_acme-challenge.www.wild.test", "wild.test"), await server.Publisher().PublishAsync("www.wild.test", "the-proof", Token));
        Assert.Equal(["the-proof"], await server.TextsAsync("_acme-challenge.www.wild.test"));
        Assert.Empty(await server.TextsAsync("wild.test"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task The_nearest_zone_is_the_one_that_is_changed(string kind)
    {
        await using var server = await NameServer.StartAsync(kind);

        Assert.Equal(new DnsOutcome.Done("_acme-challenge.sub.pasteur.test", "sub.pasteur.test"), await server.Publisher().PublishAsync("sub.pasteur.test", "the-proof", Token));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task What_does_not_fit_a_datagram_goes_over_TCP(string kind)
    {
        await using var server = await NameServer.StartAsync(kind);
        var publisher = server.Publisher();
        var values = Enumerable.Range(0, 12).Select(i => $"{i:d2}" + new string('x', 41 + (i == 0 ? 212 : 0))).ToArray(); // the first makes a request of more than 512 bytes

        foreach (var value in values)
            Assert.Equal(Done("_acme-challenge.pasteur.test"), await publisher.PublishAsync("pasteur.test", value, Token));

        Assert.Equal(values, await server.TextsAsync("_acme-challenge.pasteur.test"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Publishing_and_removing_twice_is_no_failure(string kind)
    {
        await using var server = await NameServer.StartAsync(kind);
        var publisher = server.Publisher();
        for (var i = 0; i < 2; i++)
            Assert.Equal(Done("_acme-challenge.pasteur.test"), await publisher.PublishAsync("pasteur.test", "the-proof", Token));
        Assert.Equal(["the-proof"], await server.TextsAsync("_acme-challenge.pasteur.test"));
        for (var i = 0; i < 2; i++)
            Assert.Equal(Done("_acme-challenge.pasteur.test"), await publisher.RemoveAsync("pasteur.test", "the-proof", Token));
        Assert.Empty(await server.TextsAsync("_acme-challenge.pasteur.test"));
    }

    private static DnsOutcome.Done Done(string owner) => new(owner, "pasteur.test");
}
