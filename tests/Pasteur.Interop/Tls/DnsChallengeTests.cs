using Pasteur.Interop.NameServers;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>The program proves its names in the zones of real name servers, where pebble looks.</summary>
public sealed class DnsChallengeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("BIND", "acme-256:SHA256")]
    [InlineData("Knot", "acme-512:hmac-sha512")]
    public async Task A_name_and_its_wildcard_are_proved_and_nothing_is_left(string kind, string key)
    {
        await using var names = await NameServer.StartAsync(kind);
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { DnsPort = names.Port, NonceRejects = 20 });
        var secret = NameServer.Keys.Single(known => known.Name == key.Split(':')[0]).Secret;
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "pasteur.test", "--hostname", "*.pasteur.test",
            "--dns-key", $"{key}:{secret}", "--dns-addr", "127.0.0.1", "--dns-port", $"{names.Port}");

        using var certificate = await site.CertificateAsync("any.pasteur.test");

        Assert.True(certificate.MatchesHostname("pasteur.test"));
        Assert.True(certificate.MatchesHostname("any.pasteur.test"));
        Assert.Empty(await names.TextsAsync("_acme-challenge.pasteur.test"));
        Assert.DoesNotContain(secret, site.Log, StringComparison.Ordinal);
    }

    /// <summary>Within one zone: pebble asks the primary itself, which no more than any other looks into other zones for those who ask it.</summary>
    [Theory]
    [InlineData("BIND")]
    [InlineData("Knot")]
    public async Task A_name_whose_challenge_is_an_alias_is_proved_where_it_leads_to(string kind)
    {
        await using var names = await NameServer.StartAsync(kind);
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { DnsPort = names.Port });
        var key = NameServer.Keys[0];
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "near.pasteur.test",
            "--dns-key", $"{key.Name}:{key.Algorithm}:{key.Secret}", "--dns-addr", "127.0.0.1", "--dns-port", $"{names.Port}");

        using var certificate = await site.CertificateAsync("near.pasteur.test");

        Assert.True(certificate.MatchesHostname("near.pasteur.test"));
        Assert.Empty(await names.TextsAsync("proofs.near.pasteur.test"));
    }

    [Fact]
    public async Task A_key_that_may_not_update_is_named_in_health()
    {
        await using var names = await NameServer.StartAsync("BIND");
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { DnsPort = names.Port });
        var reader = NameServer.Keys.Single(known => known.Name == "reader");
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "www.pasteur.test",
            "--dns-key", $"{reader.Name}:{reader.Algorithm}:{reader.Secret}", "--dns-addr", "127.0.0.1", "--dns-port", $"{names.Port}");

        var problem = await site.ProblemAsync("REFUSED");

        Assert.Contains("reader", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(reader.Secret, problem, StringComparison.Ordinal);
    }
}
