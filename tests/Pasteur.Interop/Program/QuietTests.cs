using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary>The program calls nobody whom it was not told to call: no telemetry (microbin's is on by default), no look for updates, no DNS query.</summary>
public sealed partial class QuietTests : IDisposable
{
    private const int Sigterm = 15;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_remote_it_reaches_out_to_nobody() => Assert.Empty(await AddressesAsync());

    // Proves that the way in which the test above looks would find something.
    [Fact]
    public async Task With_a_remote_it_reaches_out_to_that_alone()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var reached = await AddressesAsync("--remote", $"git://127.0.0.1:{port}/r.git");

        Assert.Equal([$"127.0.0.1:{port}"], reached.Distinct());
    }

    /// <summary>Pastes and reads for some seconds; answers where the program has sent or connected to meanwhile, from its start to its end.</summary>
    private async Task<IReadOnlyList<string>> AddressesAsync(params string[] arguments)
    {
        string[] strace = ["strace", "-f", "-qq", "-s", "16", "-o", _folder["trace"], "-e", "trace=network", "-e", "signal=none"];
        await using (var site = await PasteurProcess.ServeUnderAsync(strace, ["--data", _folder["data"], .. arguments]))
        {
            for (var n = 0; n < 10; n++)
            {
                using var body = new StringContent($"paste {n}, see http://example.org/{n}");
                var answer = await site.Http.PostAsync("", body, Cancel);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                var id = (await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1];
                foreach (var path in (string[])["", "about", "api", id, $"raw/{id}", $"{id}.zip", "healthz", "metrics", "nosuchpaste"]) await site.GetAsync(path);
                await Task.Delay(400, Cancel);
            }
            site.SignalChild(Sigterm);
            await site.WaitForExitAsync();
        }

        var trace = await File.ReadAllLinesAsync(_folder["trace"], Cancel);
        Assert.Contains(trace, line => line.Contains(" bind(", StringComparison.Ordinal) && line.Contains("sa_family=AF_INET", StringComparison.Ordinal));
        Assert.Contains(trace, line => line.Contains(" accept4(", StringComparison.Ordinal));
        return [.. trace.Where(line => Outgoing().IsMatch(line)).Select(Address)];
    }

    private static string Address(string line)
    {
        var port = Port().Match(line).Groups[1].Value;
        var host = Host().Match(line).Groups[1].Value;
        return port.Length == 0 || host.Length == 0 ? line : $"{host}:{port}";
    }

    // A datagram is sent by sendto or sendmsg with an address; answers on connections that were accepted name none.
    [GeneratedRegex(@" (connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET6?")]
    private static partial Regex Outgoing();

    [GeneratedRegex(@"sin6?_port=htons\((\d+)\)")]
    private static partial Regex Port();

    [GeneratedRegex("inet_(?:addr\\(|pton\\(AF_INET6, )\"([^\"]+)\"")]
    private static partial Regex Host();
}
