using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Client;

/// <summary><c>--termbin-port</c>, with the netcat that people have.</summary>
public sealed class NetcatTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hello\n")]
    [InlineData("é, and no line feed")]
    public async Task Netcat_gets_the_address_of_what_it_sent(string text)
    {
        await using var site = await ClientSite.StartAsync("--termbin-port", "0", "--base-path", "/p");

        // Without -N, netcat does not say that its input has ended.
        foreach (var options in new string[][] { [], ["-N"] })
        {
            var result = await Tool.RunAsync("nc.openbsd", [.. options, "-w", "20", "127.0.0.1", PortOf(site)], Encoding.UTF8.GetBytes(text));

            Assert.Matches($"^{site.Address}[0-9a-z]{{10}}\n$", result.Text);
            Assert.Equal(text, Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(result.Text.TrimEnd('\n'))));
        }
    }

    [Fact]
    public async Task A_mebibyte_of_any_bytes_is_taken_and_a_byte_more_is_refused()
    {
        await using var site = await ClientSite.StartAsync("--termbin-port", "0");
        var content = new byte[1 << 20];
        new Random(2).NextBytes(content);

        var taken = await Tool.RunAsync("nc.openbsd", ["-N", "127.0.0.1", PortOf(site)], content);
        var refused = await Tool.RunAsync("nc.openbsd", ["-N", "127.0.0.1", PortOf(site)], [.. content, 0]);
        var refusedSoon = await Tool.RunAsync("nc.openbsd", ["-w", "20", "127.0.0.1", PortOf(site)], [.. content, .. content, .. content]);
        var empty = await Tool.RunAsync("nc.openbsd", ["-N", "127.0.0.1", PortOf(site)], []);

        Assert.Equal(content, await ClientSite.GetBytesAsync(taken.Text.TrimEnd('\n')));
        Assert.Equal("A paste has at most 1MiB.\n", refused.Text);
        Assert.Equal("A paste has at most 1MiB.\n", refusedSoon.Text);
        Assert.Equal("There is nothing to paste: no text came.\n", empty.Text);
    }

    [Fact]
    public async Task Connections_beyond_the_bound_are_closed_and_places_come_free()
    {
        await using var site = await ClientSite.StartAsync("--termbin-port", "0");
        var port = int.Parse(PortOf(site), CultureInfo.InvariantCulture);
        var idle = new List<TcpClient>();
        for (var i = 0; i < 64; i++)
        {
            var client = new TcpClient();
            idle.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
            await client.GetStream().WriteAsync("x"u8.ToArray(), Cancel);
        }
        using var beyond = new TcpClient();
        await beyond.ConnectAsync(IPAddress.Loopback, port, Cancel);
        Assert.Equal(0, await beyond.GetStream().ReadAsync(new byte[1], Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(5), Cancel));

        // Each of them falls silent and has its paste.
        foreach (var client in idle)
        {
            using var reader = new StreamReader(client.GetStream());
            Assert.StartsWith(site.Address, await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
            client.Dispose();
        }
        var after = await Tool.RunAsync("nc.openbsd", ["-N", "127.0.0.1", PortOf(site)], "again"u8.ToArray());
        Assert.StartsWith(site.Address, after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_begun_is_answered_when_the_site_is_told_to_end()
    {
        await using var site = await ClientSite.StartAsync("--termbin-port", "0");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, int.Parse(PortOf(site), CultureInfo.InvariantCulture), Cancel);
        await client.GetStream().WriteAsync("begun"u8.ToArray(), Cancel);
        await Task.Delay(200, Cancel);

        var ended = site.Process.StopAsync();
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith(site.Address, await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(0, await ended);
    }

    [Theory]
    [InlineData(64, "--termbin-port lets everybody paste, but --auth asks for a password; leave one of them out", "--termbin-port", "0", "--auth", "ada:canary")]
    [InlineData(64, "--termbin-port \"x\" is not a port", "--termbin-port", "x")]
    public async Task What_cannot_be_is_told_at_start(int exitCode, string words, params string[] arguments)
    {
        var result = await ClientSite.RunAsync(["--no-data", "--port", "0", .. arguments]);

        ClientSite.AssertFails(exitCode, words, result);
        Assert.DoesNotContain("canary", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_in_use_is_told_at_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        ClientSite.AssertFails(69, $"can't listen on {other.LocalEndpoint} for netcat: Address already in use", await ClientSite.RunAsync(["--no-data", "--port", "0", "--termbin-port", $"{((IPEndPoint)other.LocalEndpoint).Port}"]));
    }

    private static string PortOf(ClientSite site) =>
        site.Process.Output.Select(line => line.Split("netcat is listened to at 127.0.0.1:")).First(parts => parts.Length == 2)[1];
}
