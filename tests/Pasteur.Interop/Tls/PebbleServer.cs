using System.Diagnostics;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>How pebble is to behave.</summary>
internal sealed record PebbleOptions
{
    /// <summary>Of 100 nonces, so many are refused.</summary>
    public int NonceRejects { get; init; }

    public long ValiditySeconds { get; init; } = 90L * 24 * 3600;

    /// <summary>An id and its key as base64url: then nobody else gets an account.</summary>
    public (string Id, string Key)? ExternalAccount { get; init; }

    public int AlternateRoots { get; init; }

    public IReadOnlyList<string> Blocked { get; init; } = [];

    /// <summary>The port of the name server on this machine that it asks; null for one in which every name is this machine.</summary>
    public int? DnsPort { get; init; }

    /// <summary>Who vouches for it; null for an authority of its own.</summary>
    public TestAuthority? Authority { get; init; }
}

/// <summary>Let's Encrypt's own test authority, with a DNS in which every name is this machine.</summary>
internal sealed class PebbleServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority;
    private readonly List<Process> _processes = [];
    private readonly PebbleOptions _options;
    private readonly int _port = Ports.Free(), _managementPort = Ports.Free(), _dnsPort = Ports.Free();

    private PebbleServer(PebbleOptions options)
    {
        _options = options;
        _authority = options.Authority ?? new TestAuthority();
        Http = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = TlsSite.IsShown } });
    }

    public Uri Directory => new($"https://localhost:{_port}/dir");

    public int Port => _port;

    /// <summary>Where it looks for http-01.</summary>
    public int HttpPort { get; } = Ports.Free();

    /// <summary>Where it looks for tls-alpn-01.</summary>
    public int TlsPort { get; } = Ports.Free();

    /// <summary>For SSL_CERT_FILE: whom to believe that it is pebble.</summary>
    public string AuthorityFile => _folder["ca.pem"];

    /// <summary>Its certificate and key for localhost, for somebody in front of it.</summary>
    public (string Certificate, string Key) OwnFiles => (_folder["pebble.pem"], _folder["pebble.key"]);

    /// <summary>Believes every certificate.</summary>
    public HttpClient Http { get; }

    public static async Task<PebbleServer> StartAsync(PebbleOptions? options = null)
    {
        var server = new PebbleServer(options ?? new PebbleOptions());
        try
        {
            server.Write();
            if (server._options.DnsPort is null)
                server.Launch("pebble-challtestsrv", ["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", $"127.0.0.1:{server._dnsPort}", "-http01", "", "-https01", "", "-tlsalpn01", "", "-management", $"127.0.0.1:{Ports.Free()}"]);
            await server.BeginAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the authority, which knows nothing of what it did before.</summary>
    public async Task BeginAsync()
    {
        Launch("pebble", ["-config", _folder["pebble.json"], "-dnsserver", $"127.0.0.1:{_options.DnsPort ?? _dnsPort}"]);
        using var patience = new CancellationTokenSource(s_patience);
        while (!await AnswersAsync(patience.Token))
            await Task.Delay(50, patience.Token);
    }

    public async Task StopAsync()
    {
        var pebble = _processes[^1];
        _processes.Remove(pebble);
        await EndAsync(pebble);
    }

    /// <summary>A root of it, by number.</summary>
    public async Task<X509Certificate2> RootAsync(int number = 0) =>
        X509Certificate2.CreateFromPem(await Http.GetStringAsync(new Uri($"https://localhost:{_managementPort}/roots/{number}"), TestContext.Current.CancellationToken));

    /// <summary>"Valid" or "Revoked", as its management says.</summary>
    public async Task<string> StatusAsync(X509Certificate2 certificate)
    {
        var answer = await Http.GetStringAsync(new Uri($"https://localhost:{_managementPort}/cert-status-by-serial/{certificate.SerialNumber.ToLowerInvariant()}"), TestContext.Current.CancellationToken);
        return (string)JsonNode.Parse(answer)!["Status"]!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await EndAsync(process);
        Http.Dispose();
        if (_options.Authority is null)
            _authority.Dispose();
        _folder.Dispose();
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        Assert.False(_processes[^1].HasExited, "pebble ended");
        try
        {
            using var answer = await Http.GetAsync(Directory, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Write()
    {
        var (certificate, key) = _authority.Issue("localhost");
        File.WriteAllText(AuthorityFile, _authority.Pem);
        File.WriteAllText(OwnFiles.Certificate, certificate);
        File.WriteAllText(OwnFiles.Key, key);
        var pebble = new JsonObject
        {
            ["listenAddress"] = $"127.0.0.1:{_port}",
            ["managementListenAddress"] = $"127.0.0.1:{_managementPort}",
            ["certificate"] = OwnFiles.Certificate,
            ["privateKey"] = OwnFiles.Key,
            ["httpPort"] = HttpPort,
            ["tlsPort"] = TlsPort,
            ["ocspResponderURL"] = "",
            ["certificateValidityPeriod"] = _options.ValiditySeconds,
            ["domainBlocklist"] = new JsonArray([.. _options.Blocked.Select(b => JsonValue.Create(b))]),
        };
        if (_options.ExternalAccount is { } external)
        {
            pebble["externalAccountBindingRequired"] = true;
            pebble["externalAccountMACKeys"] = new JsonObject { [external.Id] = external.Key };
        }
        File.WriteAllText(_folder["pebble.json"], new JsonObject { ["pebble"] = pebble }.ToJsonString());
    }

    private void Launch(string command, string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PEBBLE_VA_NOSLEEP"] = "1";
        start.Environment["PEBBLE_AUTHZREUSE"] = "0";
        start.Environment["PEBBLE_WFE_NONCEREJECT"] = $"{_options.NonceRejects}";
        start.Environment["PEBBLE_ALTERNATE_ROOTS"] = $"{_options.AlternateRoots}";
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes.Add(process);
    }
}
