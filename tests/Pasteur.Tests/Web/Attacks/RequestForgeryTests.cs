using System.Net;
using System.Net.Sockets;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>State changed by a GET (wastebin 3.4.1) or by another site's page; the server made to fetch an address (rustypaste #508, 0x0 store_url).</summary>
public sealed class RequestForgeryTests : IAsyncLifetime
{
    private const string EveryField = "paste=canary&content=canary&file=canary&c=canary&sprunge=canary&f:1=canary&text=canary&data=canary&url=canary&delete=1&burn=1";

    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task No_safe_method_changes_anything(string method)
    {
        var path = await _site.PasteAsync("kept");
        foreach (var url in new[] { "/?", "/api/create?", "/documents?", "/api/v1/pastes?", $"{path}?", $"/raw{path}?", $"{path}/delete?", "/canary.txt?" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), url + EveryField);
            request.Headers.Add("X-HTTP-Method-Override", "DELETE");
            await _site.Http.SendAsync(request, TestSite.Token);
        }

        Assert.Equal("kept", await _site.GetTextAsync("/raw" + path));
        await AssertCreatesAsync(1);
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("POST", "/documents")]
    [InlineData("POST", "/api/create")]
    [InlineData("PUT", "/canary.txt")]
    [InlineData("POST", "/api/v1/pastes")]
    public async Task A_page_of_another_site_cannot_paste(string method, string path)
    {
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "http://evil.example") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("paste=canary") };
            request.Headers.Add(name, value);
            Assert.Equal(HttpStatusCode.Forbidden, (await _site.Http.SendAsync(request, TestSite.Token)).StatusCode);
        }
        await AssertCreatesAsync(0);
    }

    [Fact]
    public async Task Our_own_page_can()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x") };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Origin", "null");

        Assert.Equal(HttpStatusCode.OK, (await _site.Http.SendAsync(request, TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task No_other_origin_is_allowed_to_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/pastes");
        request.Headers.Add("Origin", "http://evil.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");

        var response = await _site.Http.SendAsync(request, TestSite.Token);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task No_field_makes_the_server_fetch_an_address()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var canary = $"http://{listener.LocalEndpoint}/canary";
        foreach (var name in new[] { "url", "shorten", "remote", "oneshot_url", "file", "paste", "c", "filename", "user", "comment" })
        {
            await _site.PostFormAsync((name, canary), ("content", canary));
            using var form = new MultipartFormDataContent { { new StringContent(canary), name }, { new StringContent("x"), "content" } };
            await _site.Http.PostAsync("/", form, TestSite.Token);
        }
        await _site.GetAsync($"/?url={canary}&from={canary}", headers: ("Referer", canary));

        Assert.False(listener.Pending());
    }

    private async Task AssertCreatesAsync(int count) =>
        Assert.Contains($"pasteur_creates_total {count}\n", await _site.GetTextAsync("/metrics"), StringComparison.Ordinal);
}
