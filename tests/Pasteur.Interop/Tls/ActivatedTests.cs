using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>TLS on sockets that a service manager listens on: systemd gives them in any order, and not always that of plain HTTP.</summary>
public sealed class ActivatedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Https_and_plain_http_each_have_their_socket(bool isHttpFirst)
    {
        await using var pebble = await PebbleServer.StartAsync();
        int[] sockets = isHttpFirst ? [pebble.HttpPort, pebble.TlsPort] : [pebble.TlsPort, pebble.HttpPort];
        await using var site = TlsSite.StartOn(sockets, pebble, "--data", _folder["data"], "--hostname", "localhost", "--http-port", $"{pebble.HttpPort}");
        await KnockAsync(pebble.TlsPort);

        using var certificate = await site.CertificateAsync();

        Assert.True(certificate.MatchesHostname("localhost"));
        using var plain = await site.Http.GetAsync(new Uri($"http://localhost:{pebble.HttpPort}/abc?x=1"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.MovedPermanently, $"https://localhost:{pebble.TlsPort}/abc?x=1"), (plain.StatusCode, plain.Headers.Location!.OriginalString));
        await site.UntilAsync(() => Task.FromResult(site.Output.Contains($"The site is at https://localhost:{pebble.TlsPort}/", StringComparison.Ordinal) ? "" : null), "its address");
        Assert.Equal(0, await site.StopAsync());
    }

    [Fact]
    public async Task The_socket_of_https_alone_answers_the_authority_too()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var site = TlsSite.StartOn([pebble.TlsPort], pebble, "--data", _folder["data"], "--hostname", "localhost");
        await KnockAsync(pebble.TlsPort);

        using var certificate = await site.CertificateAsync();

        Assert.True(certificate.MatchesHostname("localhost"));
    }

    [Theory]
    [InlineData(true, "needs a socket for https")]
    [InlineData(false, "no socket that listens there")]
    public async Task Sockets_that_do_not_fit_are_told_in_one_line(bool isHttpThere, string expected)
    {
        await using var pebble = await PebbleServer.StartAsync();
        var there = isHttpThere ? pebble.HttpPort : pebble.TlsPort;
        await using var site = TlsSite.StartOn([there], pebble, "--data", _folder["data"], "--hostname", "localhost", "--http-port", $"{pebble.HttpPort}");
        await KnockAsync(there);

        var line = await site.UntilAsync(() => Task.FromResult(site.Log.Split('\n').FirstOrDefault(line => line.StartsWith("pasteur:", StringComparison.Ordinal))), "a complaint");
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    /// <summary>The program starts with the first visitor.</summary>
    private static async Task KnockAsync(int port)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException) when (tries < 200)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }
}
