using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Program;

/// <summary>Clients that are slow, silent or many do not keep others waiting.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private PasteurProcess _site = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await PasteurProcess.ServeAsync("--no-data");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Thousands_of_idle_connections_keep_nobody_waiting()
    {
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < 2000; i++)
                idle.Add(await ConnectAsync());

            var watch = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("healthz")).StatusCode);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"answered after {watch.Elapsed}");
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Client_that_never_finishes_its_headers_is_sent_away()
    {
        using var slow = await ConnectAsync();
        await slow.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "), Cancel);

        var answer = await ReadToEndAsync(slow).WaitAsync(TimeSpan.FromSeconds(40), Cancel);

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task Body_that_stops_arriving_is_answered_and_leaves_no_line_in_the_log()
    {
        // Much at once, or the server's own least rate would end it first.
        using var silent = await ConnectAsync();
        await silent.SendAsync(Encoding.ASCII.GetBytes($"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n{new string('x', 100_000)}"), Cancel);

        var answer = await ReadToEndAsync(silent).WaitAsync(TimeSpan.FromSeconds(40), Cancel);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        await _site.StopAsync();
        Assert.Empty(_site.Errors);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {0}\r\n\r\n", "HTTP/1.1 431")]
    [InlineData("GET /{0} HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 414")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 505")]
    [InlineData("\0\r\n\r\n", "HTTP/1.1 400")]
    public async Task Request_that_is_none_or_too_long_is_refused(string request, string status)
    {
        using var client = await ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(request.Replace("{0}", new string('a', 20_000), StringComparison.Ordinal)), Cancel);

        var answer = await ReadToEndAsync(client).WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _site.Http.BaseAddress!.Port, Cancel);
        return socket;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var text = new StringBuilder();
        try
        {
            for (int n; (n = await socket.ReceiveAsync(buffer, Cancel)) > 0;)
                text.Append(Encoding.Latin1.GetString(buffer, 0, n));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The server closed while our request was still on its way; what it answered was read.
            return text.ToString();
        }
        return text.ToString();
    }
}
