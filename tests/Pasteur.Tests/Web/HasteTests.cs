using System.Net;
using System.Text;
using System.Text.Json;

namespace Pasteur.Tests.Web;

/// <summary>The protocol as the clients of haste-server know it: statuses and bodies to the letter.</summary>
public sealed class HasteTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync("--max-size", "1KiB");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_raw_body_becomes_a_document(string contentType)
    {
        var response = await _site.Http.PostAsync("/documents", new StringContent("paste=not+a+form", Encoding.UTF8, contentType), TestSite.Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var body = await response.Content.ReadAsStringAsync(TestSite.Token);
        Assert.Matches("^\\{\"key\":\"[0-9a-z]{10}\"\\}$", body);
        var key = JsonDocument.Parse(body).RootElement.GetProperty("key").GetString();
        Assert.Equal("paste=not+a+form", await _site.GetTextAsync($"/raw/{key}"));
        Assert.Equal($"{{\"data\":\"paste=not\\u002Ba\\u002Bform\",\"key\":\"{key}\"}}", await _site.GetTextAsync($"/documents/{key}.txt"));
    }

    [Fact]
    public async Task The_multipart_field_data_becomes_a_document()
    {
        using var form = new MultipartFormDataContent { { new StringContent("hello"), "data" } };

        var response = await _site.Http.PostAsync("/documents", form, TestSite.Token);

        var key = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestSite.Token)).RootElement.GetProperty("key").GetString();
        Assert.Equal("hello", await _site.GetTextAsync($"/raw/{key}"));
    }

    [Fact]
    public async Task A_document_that_is_too_long_is_400()
    {
        var response = await _site.Http.PostAsync("/documents", new StringContent(new string('x', 1025)), TestSite.Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("{\"message\":\"Document exceeds maximum length.\"}", await response.Content.ReadAsStringAsync(TestSite.Token));
    }

    [Theory]
    [InlineData("/documents/zzzzzzzzzz")]
    [InlineData("/documents/..%2f..%2fetc%2fpasswd")]
    [InlineData("/documents/A!")]
    [InlineData("/raw/zzzzzzzzzz")]
    [InlineData("/raw/zzzzzzzzzz.txt")]
    public async Task A_missing_document_is_404(string path)
    {
        var response = await _site.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("{\"message\":\"Document not found.\"}", await response.Content.ReadAsStringAsync(TestSite.Token));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_empty_document_is_400()
    {
        var response = await _site.Http.PostAsync("/documents", new StringContent(""), TestSite.Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("{\"message\":\"", await response.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
    }
}
