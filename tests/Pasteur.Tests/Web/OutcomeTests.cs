using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Health;
using Pasteur.Pastes;
using Pasteur.Web;

namespace Pasteur.Tests.Web;

/// <summary>What clients are told when the store refuses, the remote is silent, or the program itself fails.</summary>
public sealed class OutcomeTests : IAsyncLifetime
{
    private const string Canary = "canary-of-an-exception";
    private const string Words = "it says: no <b>pastes</b> & \"scripts\" on Sundays";

    private readonly HealthMonitor _monitor = new(() => new StoreStatus(true, null, 0, 0, 0, null), hasRemote: false);
    private readonly LogLines _log = new();
    private Repository _repository = null!;
    private SiteMetrics _metrics = null!;

    public async ValueTask InitializeAsync()
    {
        _repository = await Repository.OpenAsync(new RepositoryOptions(), TestSite.Token);
        _metrics = new SiteMetrics(_monitor);
    }

    public async ValueTask DisposeAsync()
    {
        await _repository.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "text/plain")]
    [InlineData("/documents", "application/json")]
    public async Task A_store_that_takes_nothing_is_503_and_reads_go_on(string path, string mediaType)
    {
        await using var app = await StartAsync(options => options);
        using var http = Client(app);
        var made = await http.PutAsync("/", new StringContent("kept"), TestSite.Token);
        var kept = new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;
        Assert.Equal("kept", await http.GetStringAsync("/raw" + kept, TestSite.Token));
        await _repository.DisposeAsync();

        var refused = await http.PostAsync(path, new StringContent("lost"), TestSite.Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(mediaType, refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal("kept", await http.GetStringAsync("/raw" + kept, TestSite.Token));
        if (path == "/") Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("/", "*/*", "(it says: no <b>pastes</b> & \"scripts\" on Sundays)")]
    [InlineData("/", "text/html", "(it says: no &lt;b&gt;pastes&lt;/b&gt; &amp; &quot;scripts&quot; on Sundays)")]
    [InlineData("/", "application/json", "(it says: no \\u003Cb\\u003Epastes\\u003C/b\\u003E \\u0026 \\u0022scripts\\u0022 on Sundays)")]
    [InlineData("/documents", "*/*", "(it says: no \\u003Cb\\u003Epastes\\u003C/b\\u003E \\u0026 \\u0022scripts\\u0022 on Sundays)")]
    [InlineData("/api/create", "text/html", "(it says: no &lt;b&gt;pastes&lt;/b&gt; &amp; &quot;scripts&quot; on Sundays)")]
    public async Task Without_the_remotes_ok_it_says_why_and_that_the_outcome_is_unknown_and_never_that_nothing_was_stored(string path, string accept, string why)
    {
        await using var app = await StartAsync(options => options with { AwaitRemote = (_, _) => ValueTask.FromResult<string?>(Words + "\n\u001b\u202e") });
        using var http = Client(app);

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("x") };
        request.Headers.Accept.ParseAdd(accept);
        var response = await http.SendAsync(request, TestSite.Token);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(TestSite.Token);
        Assert.Contains("may or may not be kept", text, StringComparison.Ordinal);
        Assert.Contains(why, text, StringComparison.Ordinal);
        Assert.DoesNotContain("not stored", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u001b', text);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    [InlineData("*/*")]
    public async Task No_word_of_an_exception_leaves_the_program(string accept)
    {
        foreach (var exception in new Exception[] { new InvalidOperationException(Canary), new GitDataException(Canary, Canary), new IOException(Canary) })
        {
            await using var app = await StartAsync(options => options with { Refresh = _ => throw exception });
            using var http = Client(app);
            foreach (var path in new[] { "/zzzzzzzzzz", "/raw/zzzzzzzzzz", "/zzzzzzzzzz/a.txt", "/zzzzzzzzzz.zip", "/documents/zzzzzzzzzz", "/api/v1/pastes/zzzzzzzzzz" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Accept.ParseAdd(accept);
                var response = await http.SendAsync(request, TestSite.Token);

                Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
                Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
                var text = await response.Content.ReadAsStringAsync(TestSite.Token);
                Assert.DoesNotContain(Canary, text, StringComparison.Ordinal);
                Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            }
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/", TestSite.Token)).StatusCode);
        }
    }

    [Fact]
    public async Task A_client_that_hangs_up_leaves_no_line_in_the_log()
    {
        await using var app = await StartAsync(options => options);
        foreach (var reset in new[] { true, false })
        {
            for (var i = 0; i < 20; i++)
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port, TestSite.Token);
                await socket.SendAsync("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray(), TestSite.Token);
                await Task.Delay(5, TestSite.Token);
                if (reset) socket.LingerState = new LingerOption(true, 0);
            }
        }
        using var http = Client(app);
        Assert.Equal(HttpStatusCode.OK, (await http.PutAsync("/", new StringContent("after"), TestSite.Token)).StatusCode);
        await Task.Delay(200, TestSite.Token);

        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_fault_is_told_to_the_owner()
    {
        await using var app = await StartAsync(options => options with { Refresh = _ => throw new InvalidOperationException(Canary) });
        using var http = Client(app);

        await http.GetAsync("/zzzzzzzzzz", TestSite.Token);

        Assert.Contains(Canary, Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    private static HttpClient Client(WebApplication app) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(app.Urls.Single()) };

    private async Task<WebApplication> StartAsync(Func<PasteStoreOptions, PasteStoreOptions> change)
    {
        var settings = Assert.IsType<Invocation.Serve>(new CommandLine().Read(["--no-data"], _ => null)).Settings;
        var pastes = PasteStore.Open(_repository, change(new PasteStoreOptions { Branch = "main", IdLength = 10 }));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<ILoggerProvider>(_log);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        var app = builder.Build();
        app.Run(SiteEndpoints.Build(new SiteContext(settings, pastes, _metrics), new HealthEndpoints(_monitor, _metrics), app.Services.GetRequiredService<ILoggerFactory>()));
        await app.StartAsync(TestSite.Token);
        return app;
    }
}
