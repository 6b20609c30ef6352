using System.Net;
using System.Net.Http.Json;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>
/// BREACH (Prado, Harris, Gluck, 2013): the length of a compressed answer tells whether a guess, which an attacker makes a reader's browser send,
/// stands beside a secret. So nothing that a request says stands in a compressed answer; and what does repeat it, or has a token in it, is not
/// compressed. Each part of a request carries a canary.
/// </summary>
public sealed class CompressionAttackTests : IAsyncLifetime
{
    private const string Canary = "zqcanaryzq";

    private TestSite _site = null!;

    public static TheoryData<string> Pages => new("/", "/about", "/api", "/ID", "/ID?ln=true", "/ID?rendered=true", "/ID.md", "/ID@1", "/revisions/ID", "/diff/ID", "/edit/ID", "/delete/ID",
        "/raw/ID", "/ID/a.md", "/api/v1/pastes/ID", "/api/v1/pastes/ID/revisions", "/documents/ID", "/openapi.json", "/?from=ID", "/SEALED", "/revisions/SEALED", "/edit/SEALED");

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_a_browser_is_made_to_ask_is_not_repeated(string page)
    {
        var path = page.Replace("ID", await MakeAsync(), StringComparison.Ordinal).Replace("SEALED", await SealAsync(), StringComparison.Ordinal);
        var asked = string.Join('&', ((string[])["q", "hl", "lang", "title", "user", "comment", "paste", "view", "download", "content", "origin", "code"]).Select(name => $"{name}={Canary}"));
        var query = $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{asked}{(path.Contains("from=", StringComparison.Ordinal) ? "" : $"&from={Canary}")}&to={Canary}";

        var response = await _site.GetAsync(path + query, "text/html, */*", [
            ("Referer", $"https://evil.example/{Canary}"), ("Origin", $"https://{Canary}.example"), ("User-Agent", Canary), ("Cookie", $"{Canary}={Canary}"),
            ("Accept-Language", Canary), ("X-Forwarded-Host", $"{Canary}.example"), ("X-Forwarded-Prefix", $"/{Canary}"), ("X-Token", Canary)]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(Canary, response.Headers + await response.Content.ReadAsStringAsync(TestSite.Token), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/zqcanaryzq")]
    [InlineData("/raw/zqcanaryzq")]
    [InlineData("/assets/zqcanaryzq")]
    [InlineData("/a/b/zqcanaryzq")]
    [InlineData("/edit/zqcanaryzq")]
    public async Task An_address_that_leads_nowhere_is_not_repeated(string path)
    {
        foreach (var accept in new[] { "text/html", "application/json", "text/plain" })
            Assert.DoesNotContain(Canary, await (await _site.GetAsync(path, accept)).Content.ReadAsStringAsync(TestSite.Token), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_form_that_comes_back_with_what_was_in_it_is_not_compressed()
    {
        var answer = await PostAsync("/", ("user", Canary), ("comment", new string('x', 10_000)), ("paste", Canary));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(Canary, await answer.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_page_with_a_token_is_not_compressed_and_is_kept_nowhere()
    {
        var answer = await PostAsync("/", ("paste", "x"), ("show-token", "true"));

        var token = Assert.Single(answer.Headers.GetValues("X-Token"));
        Assert.Contains(token, await answer.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    private async Task<string> MakeAsync() => (await _site.PasteFilesAsync(("a.md", "# A text that is long enough to be compressed\n"u8.ToArray())))[1..];

    private async Task<string> SealAsync()
    {
        var envelope = Convert.ToBase64String([.. "PstrEnv\n"u8, 1, 0, .. new byte[300]]);
        var files = new[] { new { name = "paste.pasteur", base64 = envelope } };
        var made = await _site.Http.PostAsJsonAsync("/api/v1/pastes", new { files, encrypted = "v1" }, TestSite.Token);
        return made.Headers.Location!.OriginalString.Split('/')[^1];
    }

    private async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.AcceptEncoding.ParseAdd("br, gzip");
        return await _site.Http.SendAsync(request, TestSite.Token);
    }
}
