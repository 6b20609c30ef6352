using System.Net;
using System.Net.Sockets;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Tests.Web;

/// <summary>The whole program in this process, on a free port, its pastes in memory.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly Site _site;

    private TestSite(Site site)
    {
        _site = site;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new Uri(site.Address.Origin),
        };
    }

    /// <summary>Follows no redirect, decompresses nothing, and like curl accepts anything.</summary>
    public HttpClient Http { get; }

    /// <summary>Where netcat finds it.</summary>
    public IPEndPoint? TermbinAddress => _site.TermbinAddress;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="arguments">Of the command line, as a user gives them.</param>
    public static async Task<TestSite> StartAsync(params string[] arguments)
    {
        string[] memory = arguments.Contains("--data") ? [] : ["--no-data"];
        var invocation = new CommandLine().Read([.. memory, "--port", "0", .. arguments], _ => null);
        var serve = Assert.IsType<Invocation.Serve>(invocation);
        return new TestSite(await Site.StartAsync(serve.Settings, Token));
    }

    /// <summary>Posts a form field and answers the new paste's path.</summary>
    public async Task<string> PasteAsync(string text, params (string Name, string Value)[] fields)
    {
        var response = await PostFormAsync([("paste", text), .. fields]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new Uri((await response.Content.ReadAsStringAsync(Token)).TrimEnd('\n')).PathAndQuery;
    }

    /// <summary>Posts files as curl -F does and answers the new paste's path.</summary>
    public async Task<string> PasteFilesAsync(params (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        foreach (var (name, content) in files) form.Add(FilePart(name, content));
        var response = await Http.PostAsync("/", form, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new Uri((await response.Content.ReadAsStringAsync(Token)).TrimEnd('\n')).PathAndQuery;
    }

    public Task<HttpResponseMessage> PostFormAsync(params (string Name, string Value)[] fields) =>
        Http.PostAsync("/", new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), Token);

    public async Task<HttpResponseMessage> GetAsync(string path, string? accept = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await Http.SendAsync(request, Token);
    }

    public async Task<string> GetTextAsync(string path)
    {
        var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Token);
    }

    public Task<byte[]> GetBytesAsync(string path) => Http.GetByteArrayAsync(path, Token);

    /// <summary>Sends these very bytes on a connection of their own and answers what comes back until the server closes it or falls silent.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _site.Address.Port, Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Token);
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var reading = stream.ReadAsync(buffer, Token).AsTask();
            if (await Task.WhenAny(reading, Task.Delay(answer.Length == 0 ? 20_000 : 1_000, Token)) != reading) return answer.ToString();
            if (await reading is not (> 0 and var length)) return answer.ToString();
            answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _site.DisposeAsync();
    }

    private static ByteArrayContent FilePart(string name, byte[] content)
    {
        var part = new ByteArrayContent(content);
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename=\"{name.Replace("\"", "%22", StringComparison.Ordinal)}\"");
        return part;
    }
}
