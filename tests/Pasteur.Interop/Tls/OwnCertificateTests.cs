using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>Certificates from files.</summary>
public sealed class OwnCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Files_that_change_are_served_without_a_restart_and_half_a_change_never()
    {
        var (certificate, key) = Write("localhost");
        await using var site = Start();
        var first = await site.UntilAsync(async () => (await site.HandshakeAsync()).SerialNumber, "a handshake");

        // As a renewal does that is not done yet: the certificate without its key.
        var (nextCertificate, nextKey) = _authority.Issue("localhost");
        File.WriteAllText(certificate, nextCertificate);
        Assert.Contains("hold no certificate with its own private key", await site.ProblemAsync("hold no"), StringComparison.Ordinal);
        using (var still = await site.HandshakeAsync())
            Assert.Equal(first, still.SerialNumber);

        File.WriteAllText(key, nextKey);
        await site.UntilAsync(async () => (await site.HandshakeAsync()).SerialNumber != first ? "" : null, "the new certificate");
        // The authority of the tests makes certificates of thirty days that are near their end: that is all there is to say now.
        Assert.StartsWith("the certificate expires at", await site.ProblemAsync("put a new one into"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_2_is_spoken_and_old_tls_is_not()
    {
        Write("localhost");
        await using var site = Start();
        await site.UntilAsync(async () => (await site.HandshakeAsync()).SerialNumber, "a handshake");

        Assert.Contains("TLSv1.3", await OpenSslAsync("s_client", "-connect", $"127.0.0.1:{site.Port}", "-alpn", "h2", "-brief"), StringComparison.Ordinal);
        Assert.Contains("TLSv1.2", await OpenSslAsync("s_client", "-connect", $"127.0.0.1:{site.Port}", "-tls1_2", "-brief"), StringComparison.Ordinal);
        Assert.DoesNotContain("CONNECTION ESTABLISHED", await OpenSslAsync("s_client", "-connect", $"127.0.0.1:{site.Port}", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0", "-brief"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_no_certificate_are_refused_at_start_without_being_repeated()
    {
        var (certificate, key) = Write("localhost");
        File.WriteAllText(key, "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n");
        await using var process = PasteurProcess.Start(new Dictionary<string, string?>(), ["--https", "--cert-file", certificate, "--key-file", key, "--data", _folder["data"], "--port", "0"]);

        Assert.Equal(64, await process.WaitForExitAsync());
        Assert.Contains("hold no certificate with its own private key", Assert.Single(process.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain(process.Errors, line => line.Contains("canary", StringComparison.Ordinal));
    }

    private (string Certificate, string Key) Write(string name)
    {
        var (certificate, key) = _authority.Issue(name);
        File.WriteAllText(_folder["c.pem"], certificate);
        File.WriteAllText(_folder["k.pem"], key);
        return (_folder["c.pem"], _folder["k.pem"]);
    }

    private static async Task<string> OpenSslAsync(params string[] arguments)
    {
        var result = await Tool.RunAsync("openssl", arguments);
        return result.Text + result.Errors;
    }

    private TlsSite Start() => TlsSite.Start(new Dictionary<string, string?>(), Ports.Free(),
        ["--https", "--data", _folder["data"], "--bind", "127.0.0.1", "--cert-file", _folder["c.pem"], "--key-file", _folder["k.pem"]]);
}
