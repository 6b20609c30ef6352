using System.Text.Json.Nodes;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>What programs that look for weak TLS find: nothing that is worse than "low".</summary>
public sealed class JudgesTests : IDisposable
{
    /// <summary>
    /// testssl.sh calls any compressed page so. What stands in a compressed answer of the site holds no secret and nothing that a request says
    /// (CompressionAttackTests), so there is nothing to guess.
    /// </summary>
    private const string CompressedPages = "BREACH";

    /// <summary>About the machine that it runs on.</summary>
    private const string OwnTrouble = "engine_problem";

    private static readonly string[] s_harmless = ["OK", "INFO", "LOW"];

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Sslscan_finds_new_protocols_strong_ciphers_and_no_known_hole()
    {
        await using var site = await StartAsync();

        var found = (await Tool.RunAsync("sslscan", ["--no-colour", $"127.0.0.1:{site.Port}"])).Text.Split('\n', StringSplitOptions.TrimEntries);

        Assert.Equal(["SSLv2     disabled", "SSLv3     disabled", "TLSv1.0   disabled", "TLSv1.1   disabled", "TLSv1.2   enabled", "TLSv1.3   enabled"], found.Where(line => line.EndsWith("abled", StringComparison.Ordinal)));
        Assert.Contains("Server supports TLS Fallback SCSV", found);
        Assert.Contains("Session renegotiation not supported", found);
        Assert.DoesNotContain(found, line => line.Contains(" vulnerable to heartbleed", StringComparison.Ordinal) && !line.Contains("not vulnerable", StringComparison.Ordinal));
        var ciphers = found.Where(line => line.StartsWith("Accepted", StringComparison.Ordinal) || line.StartsWith("Preferred", StringComparison.Ordinal)).ToList();
        Assert.InRange(ciphers.Count, 5, 20);
        Assert.All(ciphers, line => Assert.Matches("(128|256) bits +(TLS_|ECDHE-ECDSA-)", line));
    }

    [Fact]
    public async Task Testssl_finds_nothing_above_low()
    {
        await using var site = await StartAsync();

        // Protocols, ciphers, forward secrecy, headers, vulnerabilities. What it says of the certificate is about that of the tests.
        await Tool.RunPatientlyAsync("testssl", ["--quiet", "--warnings", "batch", "--color", "0", "--jsonfile", _folder["found.json"], "-p", "-s", "-f", "-h", "-U", $"127.0.0.1:{site.Port}"], TimeSpan.FromMinutes(8));

        var found = JsonNode.Parse(File.ReadAllText(_folder["found.json"]))!.AsArray().Select(each => (Id: (string)each!["id"]!, Severity: (string)each["severity"]!, Finding: (string)each["finding"]!)).ToList();
        Assert.Contains(found, each => each is { Id: "TLS1_3", Severity: "OK" });
        Assert.Contains(found, each => each is { Id: "heartbleed", Severity: "OK" });
        Assert.Contains(found, each => each is { Id: "HSTS_time", Severity: "OK" });
        Assert.InRange(found.Count, 40, 300);
        Assert.DoesNotContain(found, each => !s_harmless.Contains(each.Severity) && each.Id is not (CompressedPages or OwnTrouble));
    }

    private async Task<TlsSite> StartAsync()
    {
        var (certificate, key) = _authority.Issue("localhost");
        File.WriteAllText(_folder["c.pem"], certificate);
        File.WriteAllText(_folder["k.pem"], key);
        var site = TlsSite.Start(new Dictionary<string, string?>(), Ports.Free(), ["--https", "--data", _folder["data"], "--bind", "127.0.0.1", "--cert-file", _folder["c.pem"], "--key-file", _folder["k.pem"]]);
        await site.UntilAsync(async () => (await site.HandshakeAsync()).SerialNumber, "a handshake");
        return site;
    }
}
