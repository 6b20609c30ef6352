using System.Net;

namespace Pasteur.Tests.Web;

public sealed class BasePathTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync("--base-path", "/sub/site");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Every_link_of_every_page_stays_below_the_base_path()
    {
        var made = await _site.Http.PutAsync("/sub/site/a.txt", new StringContent("one\ntwo"), TestSite.Token);
        var url = (await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd();
        Assert.StartsWith($"{_site.Http.BaseAddress}sub/site/", url, StringComparison.Ordinal);
        foreach (var path in new[] { "/sub/site/", new Uri(url).AbsolutePath, new Uri(url).AbsolutePath + "?ln=true", "/sub/site/about", "/sub/site/api" })
        {
            var page = await _site.GetTextAsync(path);
            var links = page.Split("=\"").Skip(1).Select(part => part[..part.IndexOf('"')]).Where(link => link.StartsWith('/')).ToList();
            Assert.NotEmpty(links);
            Assert.All(links, link => Assert.StartsWith("/sub/site/", link, StringComparison.Ordinal));
            foreach (var link in links.Distinct()) Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync(link)).StatusCode);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sub")]
    [InlineData("/about")]
    [InlineData("/subsite/")]
    public async Task Nothing_is_outside_of_it(string path) => Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/sub/site/healthz")]
    [InlineData("/sub/site/readyz")]
    public async Task Monitors_reach_health_on_either_side_of_the_proxy(string path) => Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Redirects_and_locations_stay_below_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sub/site/") { Content = new StringContent("x") };
        request.Headers.Accept.ParseAdd("text/html");

        var response = await _site.Http.SendAsync(request, TestSite.Token);

        Assert.StartsWith("/sub/site/", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_document_says_where_it_is() =>
        Assert.Contains("\"url\": \"/sub/site/\"", await _site.GetTextAsync("/sub/site/openapi.json"), StringComparison.Ordinal);
}
