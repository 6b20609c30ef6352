using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary>Whoever pastes, reads, errs or floods: no address of theirs is in the repository, the data folder, the log or what the site says of itself.</summary>
public sealed class PrivacyTests : IDisposable
{
    private const string Peer = "127.0.0.2";
    private const string Forwarded = "203.0.113.77";
    private const string Canary = "198.51.100.99";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--log-level", "debug", "--termbin-port", "0", "--admin-token", "0123456789abcdef")]
    [InlineData("--log-level", "debug", "--trusted-proxy", Peer, "--limit-writes", "20/1h", "--limit-misses", "20/1h")]
    [InlineData("--log-level", "debug", "--trusted-proxy", Peer, "--read-only")]
    [InlineData("--log-level", "debug", "--auth", "ada:secret")]
    public async Task No_address_of_a_client_is_written_anywhere(params string[] arguments)
    {
        var said = new List<string>();
        await using (var site = await PasteurProcess.ServeAsync(["--data", _folder["data"], .. arguments]))
        {
            using var http = ClientFrom(Peer, site.Http.BaseAddress!);
            await VisitAsync(http);
            await RawAsync(site.Http.BaseAddress!.Port, "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + Forwarded + "\r\nBad Header\r\n\r\n");
            await RawAsync(site.Http.BaseAddress.Port, "NONSENSE\r\n\r\n");
            if (site.Output.FirstOrDefault(line => line.StartsWith("netcat", StringComparison.Ordinal)) is { } netcat)
                await RawAsync(int.Parse(netcat.Split(':')[^1], CultureInfo.InvariantCulture), $"netcat names {Canary}");
            await RawAsync(site.Http.BaseAddress.Port, "POST / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + Forwarded + "\r\nContent-Length: 1000\r\n\r\ncut");
            await RawAsync(site.Http.BaseAddress.Port, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
            foreach (var path in (string[])["healthz", "metrics"]) said.Add(await http.GetStringAsync(path, Cancel).ContinueWith(t => t.IsCompletedSuccessfully ? t.Result : "", Cancel));
            await site.StopAsync();
            said.AddRange(site.Output);
            said.AddRange(site.Errors);
        }

        Assert.DoesNotContain(said, line => Names(line));
        var isOpen = !arguments.Contains("--read-only") && !arguments.Contains("--auth");
        var objects = (await Tool.RunAsync("git", ["-C", _folder["data/pastes.git"], "cat-file", "--batch", "--batch-all-objects"])).Text;
        Assert.False(Names(objects), objects);
        Assert.Equal(isOpen, objects.Contains(Canary, StringComparison.Ordinal)); // what was pasted is found: the search sees what is there
        Assert.Equal(isOpen && !arguments.Contains("--trusted-proxy"), File.Exists(_folder["data/moderation/reports.jsonl"]));
        foreach (var file in Directory.EnumerateFiles(_folder["data"], "*", SearchOption.AllDirectories))
            Assert.False(Names(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancel))), file);
    }

    private static bool Names(string text) => text.Contains(Peer, StringComparison.Ordinal) || text.Contains("203.0.113.", StringComparison.Ordinal);

    private static async Task VisitAsync(HttpClient http)
    {
        var id = "zzzzzzzzzz";
        for (var i = 0; i < 25; i++)
        {
            var made = await TryAsync(http, HttpMethod.Post, "", new StringContent($"paste {i} names {Canary}"));
            if (made?.IsSuccessStatusCode == true) id = (await made.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1];
            await TryAsync(http, HttpMethod.Get, $"zzzzzzzzz{i % 10}");
            if (i % 8 == 0) await TryAsync(http, HttpMethod.Post, "", new ByteArrayContent(new byte[4 << 20]));
        }
        foreach (var path in (string[])["", "about", id, $"raw/{id}", $"{id}.zip", $"edit/{id}", $"delete/{id}", $"revisions/{id}", $"api/v1/pastes/{id}", "assets/nothing.js"])
            await TryAsync(http, HttpMethod.Get, path);
        await TryAsync(http, HttpMethod.Post, $"edit/{id}", new MultipartFormDataContent { { new StringContent("x"), "paste" }, { new StringContent("wrong"), "token" } });
        await TryAsync(http, HttpMethod.Delete, id);
        await TryAsync(http, HttpMethod.Post, $"report/{id}", new StringContent($"reason=it names {Canary}"));
        await TryAsync(http, HttpMethod.Post, $"report/{id}", new StringContent("reason="));
        await TryAsync(http, HttpMethod.Post, "admin", new StringContent("token=wrong"));
        await TryAsync(http, HttpMethod.Post, "api/v1/pastes", new StringContent("{", Encoding.UTF8, "application/json"));
        await TryAsync(http, HttpMethod.Post, "documents", new StringContent("haste"));
        using var login = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { { "Authorization", "Basic " + Convert.ToBase64String("ada:wrong"u8) } } };
        await http.SendAsync(login, Cancel);
    }

    // Who is refused before all was sent may lose the connection.
    private static async Task<HttpResponseMessage?> TryAsync(HttpClient http, HttpMethod method, string path, HttpContent? content = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            return await http.SendAsync(request, Cancel);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static HttpClient ClientFrom(string address, Uri site)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancel) => new NetworkStream(await ConnectAsync(address, context.DnsEndPoint.Port, cancel), ownsSocket: true),
        };
        return new HttpClient(handler) { BaseAddress = site, DefaultRequestHeaders = { { "X-Forwarded-For", Forwarded } } };
    }

    private static async Task<Socket> ConnectAsync(string from, int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        return socket;
    }

    /// <summary>Sends what no client does, and leaves in the middle of it.</summary>
    private static async Task RawAsync(int port, string request)
    {
        using var socket = await ConnectAsync(Peer, port, Cancel);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), Cancel);
        await Task.Delay(200, Cancel);
    }
}
