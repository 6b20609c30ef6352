using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>Bodies that are too large, never end, lie about their size, or are all of these on many connections at once.</summary>
public sealed class BodyAttackTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync("--max-size", "1MiB");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("POST /", "application/x-www-form-urlencoded", 413)]
    [InlineData("POST /", "multipart/form-data; boundary=x", 413)]
    [InlineData("POST /", "text/plain", 413)]
    [InlineData("PUT /a.txt", "text/plain", 413)]
    [InlineData("POST /documents", "text/plain", 400)]
    [InlineData("POST /api/v1/pastes", "application/json", 413)]
    [InlineData("POST /api/create", "application/x-www-form-urlencoded", 413)]
    public async Task A_body_that_announces_too_much_is_refused_before_it_is_sent(string start, string contentType, int status)
    {
        using var connection = await ConnectAsync();
        await SendAsync(connection, $"{start} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\nContent-Length: 9000000000\r\nExpect: 100-continue\r\n\r\n");

        var answer = await ReadToEndAsync(connection);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("100 Continue", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_body_is_read_no_further_than_its_bound()
    {
        using var connection = await ConnectAsync();
        var stream = connection.GetStream();
        await SendAsync(connection, "PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
        var sent = 0L;
        try
        {
            while (sent < 1L << 30)
            {
                await stream.WriteAsync(chunk, TestSite.Token);
                sent += chunk.Length;
            }
        }
        catch (IOException)
        {
            // The server has hung up on us, which is what it should do.
        }

        // A mebibyte is taken, and what the sockets' buffers of the two sides hold.
        Assert.InRange(sent, 1, 32L << 20);
    }

    [Fact]
    public async Task A_body_that_stops_short_stores_nothing()
    {
        using (var connection = await ConnectAsync())
        {
            await SendAsync(connection, "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly this canary");
            connection.Client.Shutdown(SocketShutdown.Send);
            await Task.Delay(200, TestSite.Token);
        }

        Assert.Contains("pasteur_creates_total 0\n", await _site.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_connections_that_promise_much_and_send_little_cost_little_and_stop_nobody()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var connections = new List<TcpClient>();
        for (var i = 0; i < 300; i++)
        {
            connections.Add(await ConnectAsync());
            await SendAsync(connections[^1], "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3000000\r\n\r\npaste=x");
        }
        var clock = Stopwatch.StartNew();

        await _site.PasteAsync("still served");

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        // 300 x 3 MB promised; a buffer for each of what came.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 50L << 20);
        foreach (var connection in connections) connection.Dispose();
    }

    [Fact]
    public async Task Bodies_that_arrive_but_for_their_end_keep_their_memory_from_others_for_seconds_only()
    {
        var connections = new List<TcpClient>();
        var most = new string('x', 3_000_000);
        for (var i = 0; i < 20; i++)
        {
            connections.Add(await ConnectAsync());
            await SendAsync(connections[^1], $"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3100000\r\n\r\npaste={most}");
        }

        var (tooSlow, turnedAway) = (0, 0);
        foreach (var connection in connections)
        {
            try
            {
                // Only the beginning: a connection that was given up ends with a reset.
                var answer = new byte["HTTP/1.1 408 ".Length];
                await connection.GetStream().ReadExactlyAsync(answer, TestSite.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestSite.Token);
                if (Encoding.ASCII.GetString(answer) == "HTTP/1.1 408 ") tooSlow++;
            }
            catch (IOException)
            {
                // One that found no room: turned away at once, what it had sent unread.
                turnedAway++;
            }
        }

        Assert.InRange(tooSlow, 1, 20);
        Assert.InRange(turnedAway, 0, 20 - tooSlow);
        await _site.PasteAsync("served again");
        foreach (var connection in connections) connection.Dispose();
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Content-Length: -1\r\n")]
    [InlineData("Content-Length: 5x\r\n")]
    [InlineData("Transfer-Encoding: chunked, gzip\r\n")]
    [InlineData("X-Canary: a\r\n b\r\n")]
    [InlineData("X-Can\0ary: a\r\n")]
    public async Task Requests_that_two_servers_could_read_differently_are_not_read_at_all(string headers)
    {
        var answer = await _site.SendRawAsync($"POST / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");

        // Kestrel takes Transfer-Encoding over Content-Length as RFC 9112 section 6.3 allows, and then closes the connection.
        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(answer, "^HTTP/1.1 ", System.Text.RegularExpressions.RegexOptions.Multiline));
    }

    [Fact]
    public async Task One_paste_that_cannot_be_shown_stops_no_other()
    {
        var good = await _site.PasteAsync("good");
        for (var i = 0; i < 50; i++)
        {
            using var nonsense = new ByteArrayContent([.. "--x\r\nContent-Disposition: form-data; name="u8, (byte)i, 0xFF, .. "\r\n\r\n"u8]);
            nonsense.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
            Assert.Equal(HttpStatusCode.BadRequest, (await _site.Http.PostAsync("/", nonsense, TestSite.Token)).StatusCode);
        }

        Assert.Equal("good", await _site.GetTextAsync("/raw" + good));
        await _site.PasteAsync("another");
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(IPAddress.Loopback, _site.Http.BaseAddress!.Port, TestSite.Token);
        return connection;
    }

    private static Task SendAsync(TcpClient connection, string text) => connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestSite.Token).AsTask();

    private static async Task<string> ReadToEndAsync(TcpClient connection)
    {
        using var reader = new StreamReader(connection.GetStream(), Encoding.Latin1, leaveOpen: true);
        return await reader.ReadToEndAsync(TestSite.Token).WaitAsync(TimeSpan.FromSeconds(20), TestSite.Token);
    }
}
