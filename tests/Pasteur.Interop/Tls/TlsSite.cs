using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Tls;

/// <summary>The program with TLS, its certificates being pebble's.</summary>
internal sealed class TlsSite : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly PasteurProcess _process;

    private TlsSite(PasteurProcess process, int port)
    {
        (_process, Port) = (process, port);
        Http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = TlsSite.IsShown },
        })
        { BaseAddress = new Uri($"https://localhost:{port}") };
    }

    public int Port { get; }

    /// <summary>Believes every certificate, follows no redirect.</summary>
    public HttpClient Http { get; }

    public string Log => string.Join('\n', _process.Errors);

    public string Output => string.Join('\n', _process.Output);

    public static TlsSite Start(PebbleServer pebble, string data, params string[] more) =>
        Start(new Dictionary<string, string?> { ["SSL_CERT_FILE"] = pebble.AuthorityFile }, pebble.TlsPort,
            ["--https", "--data", data, "--bind", "127.0.0.1", "--http-port", $"{pebble.HttpPort}", "--acme-directory", pebble.Directory.AbsoluteUri, .. more]);

    public static TlsSite Start(IReadOnlyDictionary<string, string?> environment, int port, string[] arguments) =>
        new(PasteurProcess.Start(environment, [.. arguments, "--port", $"{port}"]), port);

    /// <summary>On sockets that a service manager listens on, in this order; the port is that of TLS.</summary>
    public static TlsSite StartOn(int[] sockets, PebbleServer pebble, params string[] arguments) =>
        new(PasteurProcess.Start(new Dictionary<string, string?> { ["SSL_CERT_FILE"] = pebble.AuthorityFile }, ["--https", "--acme-directory", pebble.Directory.AbsoluteUri, .. arguments],
            ["systemd-socket-activate", "-E", "SSL_CERT_FILE", .. sockets.SelectMany(socket => (string[])["-l", $"127.0.0.1:{socket}"])]), pebble.TlsPort);

    /// <summary>Waits for something to be so, and says what the log holds when it does not come.</summary>
    public async Task<T> UntilAsync<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < s_patience)
        {
            try
            {
                if (await look() is { } found)
                    return found;
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
            {
                // Not there yet.
                await Task.Yield();
            }
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"{what} did not come; the log:\n{Log}");
        throw new UnreachableException();
    }

    /// <summary>The certificate of an authority, once it is served.</summary>
    public Task<X509Certificate2> CertificateAsync(string name = "localhost", string? beside = null) => UntilAsync(async () =>
    {
        var shown = await HandshakeAsync(name);
        return shown.Issuer.Contains("Pebble", StringComparison.Ordinal) && shown.SerialNumber != beside ? shown : null;
    }, "a certificate");

    /// <summary>A handshake on a connection of its own.</summary>
    public async Task<X509Certificate2> HandshakeAsync(string name = "localhost", List<SslApplicationProtocol>? protocols = null)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = name, ApplicationProtocols = protocols, RemoteCertificateValidationCallback = TlsSite.IsShown }, TestContext.Current.CancellationToken);
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
    }

    public async Task<JsonNode> HealthAsync() => JsonNode.Parse(await Http.GetStringAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken))!;

    /// <summary>What health says of the certificate, once it says something of this kind.</summary>
    public Task<string> ProblemAsync(string part) => UntilAsync(async () =>
    {
        var problem = (string?)(await HealthAsync())["certificate"]!["problem"];
        return problem?.Contains(part, StringComparison.Ordinal) == true ? problem : null;
    }, $"the problem \"{part}\"");

    /// <summary>Any certificate will do: which it is, is what tests look at.</summary>
    public static bool IsShown(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;

    public Task<int> StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}
