using System.Net;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>The program gets and renews certificates of pebble.</summary>
public sealed class PebbleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Half_of_all_nonces_refused_and_several_names_make_one_certificate_that_leads_to_the_root()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { NonceRejects = 50 });
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "one.pasteur.test", "--hostname", "two.pasteur.test", "--email", "ada@pasteur.test");

        using var certificate = await site.CertificateAsync("one.pasteur.test");

        Assert.True(certificate.MatchesHostname("one.pasteur.test"));
        Assert.True(certificate.MatchesHostname("two.pasteur.test"));
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, site.Port, token);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new System.Net.Security.SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { await pebble.RootAsync() }, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://two.pasteur.test:{site.Port}/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
    }

    [Fact]
    public async Task Plain_http_leads_to_https_at_one_of_our_names_and_shows_nothing_else()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost");
        using var certificate = await site.CertificateAsync();

        foreach (var (host, path) in new[] { ($"localhost:{pebble.HttpPort}", "/abc?x=1"), ("evil.example", "/abc?x=1"), ($"localhost:{pebble.HttpPort}", "/.well-known/acme-challenge/abc?x=1") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{pebble.HttpPort}{path}") { Headers = { Host = host } };
            using var answer = await site.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.MovedPermanently, answer.StatusCode);
            Assert.Equal($"https://localhost:{site.Port}{path}", answer.Headers.Location!.OriginalString);
        }
        using var post = await site.Http.PostAsync($"http://127.0.0.1:{pebble.HttpPort}/", new StringContent("secret"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PermanentRedirect, post.StatusCode);
    }

    [Fact]
    public async Task Authority_for_tries_is_announced_loudly()
    {
        // A proxy that is not there: nobody is asked.
        await using var site = TlsSite.Start(new Dictionary<string, string?> { ["https_proxy"] = "http://127.0.0.1:1" }, Support.Ports.Free(),
            ["--https", "--data", _folder["data"], "--bind", "127.0.0.1", "--hostname", "localhost", "--http-port", "0", "--production=false"]);

        await site.UntilAsync(() => Task.FromResult(site.Output.Contains("acme-staging", StringComparison.Ordinal) && site.Output.Contains("FOR TRIES ALONE: no browser trusts them", StringComparison.Ordinal) ? "" : null), "the line");
    }

    [Fact]
    public async Task Restart_serves_the_same_certificate_though_the_authority_is_away()
    {
        await using var pebble = await PebbleServer.StartAsync();
        string serial;
        await using (var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost"))
        {
            using var certificate = await site.CertificateAsync();
            serial = certificate.SerialNumber;
            Assert.Equal(0, await site.StopAsync());
        }
        await pebble.StopAsync();
        await using var again = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost");
        using var same = await again.CertificateAsync();

        Assert.Equal(serial, same.SerialNumber);
        Assert.Equal("ok", (string?)(await again.HealthAsync())["status"]);
        foreach (var file in Directory.GetFiles(_folder["data/tls"], "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Other_names_than_before_get_a_certificate_of_their_own()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using (var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost"))
        {
            using var certificate = await site.CertificateAsync();
            Assert.Equal(0, await site.StopAsync());
        }
        await using var more = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost,more.pasteur.test");

        await more.UntilAsync(async () => (await more.HandshakeAsync()).MatchesHostname("more.pasteur.test") ? "" : null, "the certificate for both names");
    }

    [Fact]
    public async Task Certificates_are_renewed_while_a_client_connects_without_one_failed_handshake()
    {
        const int renewals = 2;
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { ValiditySeconds = 15, NonceRejects = 20 });
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost");
        using var first = await site.CertificateAsync();
        var (serials, handshakes) = (new HashSet<string> { first.SerialNumber }, 0);
        var started = TimeProvider.System.GetTimestamp();

        while (serials.Count <= renewals && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(1))
        {
            using var shown = await site.HandshakeAsync();
            Assert.InRange(TimeProvider.System.GetUtcNow(), new DateTimeOffset(shown.NotBefore).AddSeconds(-2), new DateTimeOffset(shown.NotAfter));
            serials.Add(shown.SerialNumber);
            handshakes++;
            using var answer = await site.Http.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.True(serials.Count > renewals, $"{serials.Count - 1} renewals within {handshakes} handshakes:\n{site.Log}");
        Assert.Contains("pasteur_certificate_requests_total{outcome=\"issued\"} 3", await site.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Challenge_is_answered_on_the_https_port_when_plain_http_is_off()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var site = TlsSite.Start(new Dictionary<string, string?> { ["SSL_CERT_FILE"] = pebble.AuthorityFile }, pebble.TlsPort,
            ["--https", "--data", _folder["data"], "--bind", "127.0.0.1", "--hostname", "localhost", "--http-port", "off", "--acme-directory", pebble.Directory.AbsoluteUri]);

        using var certificate = await site.CertificateAsync();

        Assert.True(certificate.MatchesHostname("localhost"));
    }

    [Fact]
    public async Task Account_that_the_authority_has_lost_is_made_anew()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { ValiditySeconds = 10 });
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost");
        using var first = await site.CertificateAsync();
        await pebble.StopAsync();
        await pebble.BeginAsync();

        using var second = await site.CertificateAsync(beside: first.SerialNumber);

        Assert.Equal(2, site.Log.Split("an account was made").Length - 1);
    }

    [Theory]
    [InlineData("ecdsa", "1.2.840.10045.2.1")]
    [InlineData("rsa", "1.2.840.113549.1.1.1")]
    public async Task Seed_makes_the_same_certificate_key_on_two_machines(string type, string algorithm)
    {
        await using var pebble = await PebbleServer.StartAsync();
        var keys = new List<byte[]>();
        foreach (var machine in new[] { "one", "two" })
        {
            await using var site = TlsSite.Start(pebble, _folder[machine], "--hostname", "localhost", "--certificate-key-type", type, "--cert-seed", "correct-horse-battery-staple", "--account-seed", "another-horse-battery-staple");
            using var certificate = await site.CertificateAsync();
            Assert.Equal(algorithm, certificate.PublicKey.Oid.Value);
            keys.Add(certificate.PublicKey.ExportSubjectPublicKeyInfo());
            if (machine == "two")
                Assert.DoesNotContain("an account was made", site.Log, StringComparison.Ordinal);
            Assert.Equal(0, await site.StopAsync());
        }

        Assert.Equal(keys[0], keys[1]);
        Assert.DoesNotContain(Directory.GetFiles(_folder["one/tls"], "*", SearchOption.AllDirectories), f => File.ReadAllText(f).Contains("PRIVATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Customer_key_opens_an_authority_that_takes_customers_alone_and_a_wrong_one_is_told()
    {
        const string key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { ExternalAccount = ("kid-1", key) });
        await using (var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost", "--eab-kid", "kid-1", "--eab-hmac-key", key))
        {
            using var certificate = await site.CertificateAsync();
            Assert.True(certificate.MatchesHostname("localhost"));
            Assert.Equal(0, await site.StopAsync());
        }
        await using (var site = TlsSite.Start(pebble, _folder["wrong"], "--hostname", "localhost", "--eab-kid", "kid-1", "--eab-hmac-key", "AAAA" + key[4..]))
        {
            Assert.Contains("unauthorized", await site.ProblemAsync("refuses"), StringComparison.Ordinal);
            Assert.DoesNotContain(key[4..], site.Log, StringComparison.Ordinal);
            Assert.Equal(0, await site.StopAsync());
        }
        await using var without = TlsSite.Start(pebble, _folder["without"], "--hostname", "localhost");
        Assert.Contains("customers", await without.ProblemAsync("externalAccountRequired"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_is_seen_in_health_metrics_and_log_with_the_authoritys_own_words()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { Blocked = ["blocked"] });
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "blocked");

        var problem = await site.ProblemAsync("refuses");

        Assert.Contains("there is no certificate yet", problem, StringComparison.Ordinal);
        Assert.Contains("rejectedIdentifier", problem, StringComparison.Ordinal);
        Assert.Contains("rejectedIdentifier", site.Log, StringComparison.Ordinal);
        Assert.Equal("degraded", (string?)(await site.HealthAsync())["status"]);
        var metrics = await site.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("pasteur_certificate_requests_total{outcome=\"failed\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("pasteur_certificate_failures 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chain_to_the_root_that_was_asked_for_is_chosen_among_alternates()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { AlternateRoots = 2 });
        using var wanted = await pebble.RootAsync(2);
        var root = wanted.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost", "--preferred-chain", root);

        using var certificate = await site.CertificateAsync();

        var kept = new X509Certificate2Collection();
        kept.ImportFromPemFile(Directory.GetFiles(_folder["data/tls"], "certificate.pem", SearchOption.AllDirectories)[0]);
        Assert.Equal(root, kept[^1].GetNameInfo(X509NameType.SimpleName, forIssuer: true));
    }
}
