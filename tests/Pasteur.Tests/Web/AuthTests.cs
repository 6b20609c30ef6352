using System.Net;
using System.Text;

namespace Pasteur.Tests.Web;

public sealed class AuthTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync("--auth", "ada:sésame:1");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/raw/zzzzzzzzzz")]
    [InlineData("/zzzzzzzzzz")]
    [InlineData("/documents/zzzzzzzzzz")]
    [InlineData("/api/v1/pastes/zzzzzzzzzz")]
    [InlineData("/openapi.json")]
    [InlineData("/assets/x")]
    [InlineData("/metrics")]
    [InlineData("/no/such/path")]
    [InlineData("/healthz/x")]
    public async Task Nothing_is_shown_without_the_password(string path)
    {
        var response = await _site.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Basic realm=\"Pasteur\", charset=\"UTF-8\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/a.txt")]
    [InlineData("POST", "/documents")]
    [InlineData("POST", "/api/create")]
    [InlineData("POST", "/api/v1/pastes")]
    public async Task Nothing_is_stored_without_the_password(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("paste=canary") };
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.Http.SendAsync(request, TestSite.Token)).StatusCode);

        var metrics = await _site.GetAsync("/metrics", headers: ("Authorization", Basic("ada:sésame:1")));
        Assert.Contains("pasteur_creates_total 0\n", await metrics.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Monitors_need_none(string path) => Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("Basic !")]
    [InlineData("Basic ")]
    [InlineData("Basic")]
    [InlineData("Bearer YWRhOnNlc2FtZQ==")]
    [InlineData("YWRhOnPDqXNhbWU6MQ==")]
    public async Task Other_headers_do_not_open(string header) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/", headers: ("Authorization", header))).StatusCode);

    [Theory]
    [InlineData("ada:sésame:1", true)]
    [InlineData("ada:sésame:2", false)]
    [InlineData("ada:sésame:", false)]
    [InlineData("ada:", false)]
    [InlineData("Ada:sésame:1", false)]
    [InlineData("", false)]
    [InlineData(":", false)]
    public async Task Only_the_very_user_and_password_open(string userAndPassword, bool opens) =>
        Assert.Equal(
            opens ? HttpStatusCode.OK : HttpStatusCode.Unauthorized,
            (await _site.GetAsync("/", headers: ("Authorization", Basic(userAndPassword)))).StatusCode);

    [Fact]
    public async Task An_endless_password_is_not_looked_at() =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/", headers: ("Authorization", Basic("ada:" + new string('x', 8000))))).StatusCode);

    [Fact]
    public async Task No_shared_cache_may_keep_what_needs_a_password()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = new StringContent("x") };
        request.Headers.Add("Authorization", Basic("ada:sésame:1"));
        var made = await (await _site.Http.SendAsync(request, TestSite.Token)).Content.ReadAsStringAsync(TestSite.Token);

        var raw = await _site.GetAsync("/raw" + new Uri(made.TrimEnd()).AbsolutePath, headers: ("Authorization", Basic("ada:sésame:1")));

        Assert.True(raw.Headers.CacheControl!.Private);
        Assert.False(raw.Headers.CacheControl.Public);
    }

    private static string Basic(string userAndPassword) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword));
}
