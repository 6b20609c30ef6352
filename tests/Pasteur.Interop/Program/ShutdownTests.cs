using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary>SIGTERM finishes what was accepted, and waits for nobody for ever.</summary>
public sealed class ShutdownTests : IDisposable
{
    private const int Sigterm = 15;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Paste_whose_upload_had_begun_is_stored_and_answered()
    {
        await using var site = await PasteurProcess.ServeAsync("--data", _folder["data"]);
        using var client = await BeginUploadAsync(site, "the first half, ", length: 31);

        site.Signal(Sigterm);
        await Task.Delay(TimeSpan.FromMilliseconds(500), Cancel);
        await client.SendAsync(Encoding.ASCII.GetBytes("and the second."), Cancel);
        var answer = await ReadAsync(client);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(0, await site.WaitForExitAsync());
        var id = answer.TrimEnd().Split('/')[^1];
        var repository = Path.Combine(_folder["data"], "pastes.git");
        Assert.Equal("the first half, and the second.", StockGit.Run(repository, "show", $"main:{id[0]}/{id[1]}/{id[2]}/{id}/paste.txt"));
    }

    [Fact]
    public async Task New_connections_are_refused_while_it_ends()
    {
        await using var site = await PasteurProcess.ServeAsync("--no-data");
        using var client = await BeginUploadAsync(site, "a", length: 2);

        site.Signal(Sigterm);
        await Task.Delay(TimeSpan.FromMilliseconds(500), Cancel);
        await Assert.ThrowsAsync<HttpRequestException>(() => site.GetAsync("healthz"));

        await client.SendAsync("b"u8.ToArray(), Cancel);
        Assert.Equal(0, await site.WaitForExitAsync());
    }

    [Fact]
    public async Task Client_that_never_ends_its_upload_holds_it_up_for_a_bounded_time()
    {
        await using var site = await PasteurProcess.ServeAsync("--no-data");
        using var client = await BeginUploadAsync(site, "never", length: 1000);
        using var idle = await ConnectAsync(site);

        site.Signal(Sigterm);

        Assert.Equal(0, await site.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        Assert.DoesNotContain(site.Errors, line => line.Contains("Unhandled", StringComparison.Ordinal));
    }

    private static async Task<Socket> BeginUploadAsync(PasteurProcess site, string begin, int length)
    {
        var client = await ConnectAsync(site);
        var request = $"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\nExpect: 100-continue\r\n\r\n";
        await client.SendAsync(Encoding.ASCII.GetBytes(request), Cancel);

        // It says so when it has accepted the request and wants the body.
        var buffer = new byte[100];
        var read = await client.ReceiveAsync(buffer, Cancel);
        Assert.StartsWith("HTTP/1.1 100", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        await client.SendAsync(Encoding.ASCII.GetBytes(begin), Cancel);
        return client;
    }

    private static async Task<Socket> ConnectAsync(PasteurProcess site)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, site.Http.BaseAddress!.Port, Cancel);
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var text = new StringBuilder();
        for (int n; (n = await socket.ReceiveAsync(buffer, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel)) > 0;)
            text.Append(Encoding.Latin1.GetString(buffer, 0, n));
        return text.ToString();
    }
}
