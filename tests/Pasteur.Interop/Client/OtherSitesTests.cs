using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Client;

/// <summary>The client before sites with a password, below a path, behind TLS, and before what is no site at all.</summary>
public sealed class OtherSitesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Site_below_a_path_is_pasted_to_and_read()
    {
        await using var site = await ClientSite.StartAsync("--base-path", "/paste/here");

        var plain = await site.PutLinkAsync("plain"u8.ToArray());
        var secret = await site.PutLinkAsync(null, "-e", site.File("a.txt", "secret"));
        var both = await site.PutLinkAsync(null, site.File("a", "1"), site.File("b", "2"));

        Assert.Contains("/paste/here/", plain, StringComparison.Ordinal);
        Assert.Equal("plain", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(plain)));
        Assert.Equal("secret", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(secret)));
        Assert.Equal("2", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(both + "/b")));
    }

    [Fact]
    public async Task Site_with_a_password_takes_it_from_option_and_variable_and_nobody_sees_it()
    {
        await using var site = await ClientSite.StartAsync("--auth", "ada:canary é");
        (string, string) server = ("PASTEUR_SERVER", site.Address);

        var byOption = await ClientSite.RunAsync(["put", "--auth", "ada:canary é"], "x"u8.ToArray(), server);
        var byVariable = await ClientSite.RunAsync(["put", "-e"], "y"u8.ToArray(), server, ("PASTEUR_AUTH", "ada:canary é"));
        Assert.Equal((0, 0), (byOption.ExitCode, byVariable.ExitCode));
        Assert.Equal("x", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(byOption.Text.TrimEnd('\n'), ("PASTEUR_AUTH", "ada:canary é"))));
        Assert.Equal("y", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(byVariable.Text.TrimEnd('\n'), ("PASTEUR_AUTH", "ada:canary é"))));

        ClientSite.AssertFails(77, "asks for a user and a password; give --auth", await ClientSite.RunAsync(["put"], "x"u8.ToArray(), server));
        var wrong = await ClientSite.RunAsync(["get", byOption.Text.TrimEnd('\n'), "--auth", "ada:wrong-canary"]);
        ClientSite.AssertFails(77, "does not take this user and password", wrong);
        Assert.DoesNotContain("canary", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_and_key_on_the_command_line_are_gone_once_they_are_read()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = $"http://{silent.LocalEndpoint}/abcdefghij";
        await using var get = PasteurProcess.Start(new Dictionary<string, string?> { ["http_proxy"] = null }, ["get", $"{address}#canary-key-canary-key", "--auth", "ada:canary-password"]);
        using var connection = await silent.AcceptTcpClientAsync(Cancel);

        var seen = await File.ReadAllTextAsync($"/proc/{get.Id}/cmdline", Cancel);
        Assert.Contains(address, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", seen, StringComparison.Ordinal);
        var asked = new byte[4096];
        var length = await connection.GetStream().ReadAsync(asked, Cancel);
        Assert.DoesNotContain("canary", Encoding.Latin1.GetString(asked, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Site_behind_TLS_is_trusted_when_the_certificate_file_says_so()
    {
        using var authority = new TestAuthority();
        await using var site = await ClientSite.StartAsync();
        await using var front = new TlsFront(authority, site.Process.Http.BaseAddress!.Port);
        (string, string) server = ("PASTEUR_SERVER", $"https://localhost:{front.Port}"), trust = ("SSL_CERT_FILE", site.File("ca.pem", authority.Pem));

        var put = await ClientSite.RunAsync(["put"], "over TLS"u8.ToArray(), server, trust);
        Assert.True(put.ExitCode == 0, put.Errors);
        var link = put.Text.TrimEnd('\n').Replace("http://", "https://", StringComparison.Ordinal);
        Assert.Equal("over TLS", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(link, trust)));
        ClientSite.AssertFails(69, "no safe connection to localhost", await ClientSite.RunAsync(["put"], "x"u8.ToArray(), server));
    }

    /// <summary>What the other end answers, and what is said of it.</summary>
    public static TheoryData<string, int, string> Answers => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", 76, "did not answer with a link" },
        { "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nftp://x\n", 76, "did not answer with a link" },
        { "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\nhttp://h/x\nhttp://h/", 76, "did not answer with a link" },
        { "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nhttp://h/x\u001b[2J", 76, "did not answer with a link" },
        { "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 15\r\n\r\nhttp://h/x\u00c2\u009b2J\n", 76, "did not answer with a link" },
        { "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", 69, "it answered 502" },
        { "HTTP/1.1 503 x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nb\u001b[1musy\n", 69, ": b[1musy" },
        { "HTTP/1.1 307 x\r\nLocation: https://ada:canary@elsewhere.example/p?canary\r\nContent-Length: 0\r\n\r\n", 76, "sends elsewhere" },
        { "SSH-2.0-OpenSSH_9.2\r\n", 69, "does not answer as HTTP asks" },
        { "", 69, "closed the connection before it answered" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_is_no_site_is_told_on_one_line(string answer, int exitCode, string words)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = ServeAsync(server, answer);

        var result = await ClientSite.RunAsync(["put", "--server", $"http://{server.LocalEndpoint}"], "x"u8.ToArray());

        ClientSite.AssertFails(exitCode, words, result);
        Assert.DoesNotContain("canary", result.Errors, StringComparison.Ordinal);
        await serving;
    }

    [Fact]
    public async Task Nobody_there_is_told_on_one_line()
    {
        ClientSite.AssertFails(69, "can't connect to 127.0.0.1:1: Connection refused", await ClientSite.RunAsync(["put", "-s", "http://127.0.0.1:1"], "x"u8.ToArray()));
        ClientSite.AssertFails(69, "the name no.such.name.invalid", await ClientSite.RunAsync(["get", "http://no.such.name.invalid/abc#canary"]));
    }

    [Fact]
    public async Task Download_that_ends_early_leaves_no_file()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = ServeAsync(server, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf");
        var path = Path.Combine(Path.GetTempPath(), $"pasteur-{Guid.NewGuid():n}");

        var result = await ClientSite.RunAsync(["get", $"http://{server.LocalEndpoint}/raw/abcdefghij", "-o", path]);

        ClientSite.AssertFails(69, "was lost before all had come", result);
        Assert.False(File.Exists(path));
        await serving;
    }

    private static async Task ServeAsync(TcpListener server, string answer)
    {
        using var connection = await server.AcceptTcpClientAsync(Cancel);
        var stream = connection.GetStream();
        var request = new byte[64 * 1024];
        for (var length = 0; length == 0 || !IsWhole(Encoding.Latin1.GetString(request, 0, length));) length += await stream.ReadAsync(request.AsMemory(length), Cancel);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), Cancel);
    }

    private static bool IsWhole(string request) =>
        request.StartsWith("GET", StringComparison.Ordinal) ? request.EndsWith("\r\n\r\n", StringComparison.Ordinal) : request.EndsWith("--\r\n", StringComparison.Ordinal);

    /// <summary>What a proxy that speaks TLS does, and no more.</summary>
    private sealed class TlsFront : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly X509Certificate2 _certificate;
        private readonly Task _accepting;

        public TlsFront(TestAuthority authority, int sitePort)
        {
            var (certificate, key) = authority.Issue("localhost");
            using var fromPem = X509Certificate2.CreateFromPem(certificate, key);
            _certificate = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pfx), null);
            _listener.Start();
            _accepting = AcceptAsync(sitePort);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _accepting;
            _listener.Dispose();
            _certificate.Dispose();
            _stop.Dispose();
        }

        private async Task AcceptAsync(int sitePort)
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                    using var site = new TcpClient();
                    await site.ConnectAsync(IPAddress.Loopback, sitePort, _stop.Token);
                    await Task.WhenAny(tls.CopyToAsync(site.GetStream(), _stop.Token), site.GetStream().CopyToAsync(tls, _stop.Token));
                }
                catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or SocketException)
                {
                    // A client that does not trust this; or the end.
                }
            }
        }
    }
}
