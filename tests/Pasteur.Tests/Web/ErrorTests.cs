using System.Net;

namespace Pasteur.Tests.Web;

public sealed class ErrorTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData(null, "text/plain")]
    [InlineData("*/*", "text/plain")]
    [InlineData("application/json", "application/problem+json")]
    [InlineData("text/html", "text/html")]
    public async Task An_error_comes_in_the_form_that_the_client_takes(string? accept, string mediaType)
    {
        var response = await _site.GetAsync("/nosuchpaste", accept);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Contains("Perhaps the link lost a character, or the paste has ended or was deleted.", await response.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_text_is_one_line() =>
        Assert.Matches("^[^\n]+\n$", await (await _site.GetAsync("/nosuchpaste")).Content.ReadAsStringAsync(TestSite.Token));

    [Theory]
    [InlineData("DELETE", "/")]
    [InlineData("PATCH", "/raw/zzzzzzzzzz")]
    [InlineData("POST", "/assets/style.css")]
    [InlineData("GET", "/documents")]
    [InlineData("PUT", "/raw/zzzzzzzzzz")]
    [InlineData("TRACE", "/")]
    [InlineData("NONSENSE", "/")]
    public async Task A_wrong_method_is_told_the_right_ones(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "PUT" || method == "POST") request.Content = new StringContent("x");

        var response = await _site.Http.SendAsync(request, TestSite.Token);

        if (method == "GET" && path == "/documents")
        {
            // A word that is also the shape of a page's path: there is no paste of that name.
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            return;
        }
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.NotEmpty(response.Content.Headers.Allow);
    }
}
