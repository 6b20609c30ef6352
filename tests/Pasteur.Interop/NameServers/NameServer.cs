using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pasteur.Dns;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.NameServers;

/// <summary>
/// A real primary of the zones in <see cref="Zones"/>, which takes updates from the keys in <see cref="Keys"/>; "reader" may change nothing.
/// </summary>
internal abstract class NameServer : IAsyncDisposable
{
    public static readonly (string Name, string Algorithm, string Secret)[] Keys =
    [
        ("acme-256", "hmac-sha256", "bmFtZS1zZXJ2ZXItY2FuYXJ5LTEtbmFtZS1zZXJ2ZXI="),
        ("acme-384", "hmac-sha384", "bmFtZS1zZXJ2ZXItY2FuYXJ5LTItbmFtZS1zZXJ2ZXI="),
        ("acme-512", "hmac-sha512", "bmFtZS1zZXJ2ZXItY2FuYXJ5LTMtbmFtZS1zZXJ2ZXI="),
        ("reader", "hmac-sha256", "bmFtZS1zZXJ2ZXItY2FuYXJ5LTQtbmFtZS1zZXJ2ZXI="),
    ];

    private const string Head = "$TTL 1\n@ IN SOA ns1 hostmaster 1 60 60 600 1\n@ IN NS ns1\nns1 IN A 127.0.0.1\n";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];
    private Process? _process;

    /// <summary>By name; aliases lead from one to the other, in circles, and from everywhere in "wild.test" to its top.</summary>
    public static IReadOnlyDictionary<string, string> Zones { get; } = new Dictionary<string, string>
    {
        ["pasteur.test"] = Head + """
            @ IN A 127.0.0.1
            _acme-challenge.alias IN CNAME first.proofs.test.
            _acme-challenge.near IN CNAME proofs.near
            _acme-challenge.circle IN CNAME a.circle
            a.circle IN CNAME b.circle
            b.circle IN CNAME a.circle
            left IN NS ns.elsewhere.example.
            _acme-challenge.away IN CNAME x.elsewhere.example.

            """,
        ["sub.pasteur.test"] = Head,
        ["proofs.test"] = Head + "first IN CNAME second\n",
        ["wild.test"] = Head + "@ IN A 127.0.0.1\n* IN CNAME @\n",
    };

    public static IReadOnlyList<string> Kinds { get; } = ["BIND", "Knot"];

    public int Port { get; } = Ports.Free();

    public IPEndPoint Address => new(IPAddress.Loopback, Port);

    protected string Folder => _folder.Path;

    public static async Task<NameServer> StartAsync(string kind)
    {
        NameServer server = kind == "BIND" ? new BindServer() : new KnotServer();
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static TsigKey Key(string name) => Read(Keys.Single(key => key.Name == name));

    public static TsigKey Read((string Name, string Algorithm, string Secret) key) => TsigKey.Read($"{key.Name}:{key.Algorithm}:{key.Secret}", out _)!;

    public ChallengePublisher Publisher(string key = "acme-256", TimeProvider? time = null) => new(Key(key), Address, time ?? TimeProvider.System);

    /// <summary>The TXT records of a name as dig sees them.</summary>
    public async Task<string[]> TextsAsync(string name)
    {
        var dig = await Tool.RunAsync("dig", ["@127.0.0.1", "-p", $"{Port}", "+tcp", "+short", "+time=5", name, "TXT"]);
        Assert.Equal(0, dig.ExitCode);
        return [.. dig.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] == '"').Select(line => line.Trim('"')).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _folder.Dispose();
    }

    /// <summary>Writes its configuration, and answers the command that runs it in the foreground.</summary>
    protected abstract ProcessStartInfo Configure();

    private async Task StartAsync()
    {
        foreach (var (zone, text) in Zones)
            File.WriteAllText(_folder[zone + ".zone"], text);
        var start = Configure();
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) => Note(e.Data);
        _process.OutputDataReceived += (_, e) => Note(e.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        using var patience = new CancellationTokenSource(s_patience);
        while (!await ServesAsync())
        {
            Assert.False(_process.HasExited, Log());
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task<bool> ServesAsync()
    {
        foreach (var zone in Zones.Keys)
        {
            if ((await Tool.RunAsync("dig", ["@127.0.0.1", "-p", $"{Port}", "+short", "+tries=1", "+time=1", zone, "SOA"])) is not { ExitCode: 0, Text.Length: > 0 } dig || dig.Text[0] == ';')
                return false;
        }
        return true;
    }

    private void Note(string? line)
    {
        lock (_log)
            _log.Add(line ?? "");
    }

    private string Log()
    {
        lock (_log)
            return string.Join('\n', _log);
    }
}
