using System.Net;

namespace Pasteur.Tests.Web;

/// <summary>Pages are in the language that their reader likes best; what programs are told is in English.</summary>
public sealed class LanguageTests : IAsyncLifetime
{
    private const string French = "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5";

    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("/", "Collez ou écrivez ici", "Paste or type here")]
    [InlineData("/about", "Ce qui est gardé", "What is kept")]
    [InlineData("/api", "Depuis un terminal, depuis un programme", "From a terminal, from a program")]
    public async Task A_page_is_in_the_language_of_its_reader(string path, string french, string english)
    {
        foreach (var (language, words, foreign) in new[] { (French, french, english), ("de", english, french), ("en-GB", english, french) })
        {
            var answer = await _site.GetAsync(path, "text/html", ("Accept-Language", language));
            var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestSite.Token));
            Assert.Contains($"<html lang=\"{(language == French ? "fr" : "en")}\">", html, StringComparison.Ordinal);
            Assert.Contains(words, html, StringComparison.Ordinal);
            Assert.DoesNotContain(foreign, html, StringComparison.Ordinal);
            Assert.Contains("Accept-Language", answer.Headers.Vary);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/about")]
    public async Task Each_language_has_an_entity_tag_of_its_own(string path)
    {
        var english = (await _site.GetAsync(path)).Headers.ETag!.ToString();
        var french = await _site.GetAsync(path, headers: [("Accept-Language", "fr"), ("If-None-Match", english)]);
        Assert.Equal(HttpStatusCode.OK, french.StatusCode);
        var again = await _site.GetAsync(path, headers: [("Accept-Language", "fr"), ("If-None-Match", french.Headers.ETag!.ToString())]);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Contains("Accept-Language", again.Headers.Vary);
    }

    [Fact]
    public async Task The_address_wins_over_the_browser_and_the_links_of_the_page_keep_to_it()
    {
        var html = await (await _site.GetAsync("/about?lang=fr", "text/html", ("Accept-Language", "en"))).Content.ReadAsStringAsync(TestSite.Token);
        Assert.Contains("<html lang=\"fr\">", html, StringComparison.Ordinal);
        foreach (var path in new[] { "/", "/about", "/api" }) Assert.Contains($"href=\"{path}?lang=fr\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"?lang=en\"", html, StringComparison.Ordinal);

        var liked = await (await _site.GetAsync("/about", "text/html", ("Accept-Language", "fr"))).Content.ReadAsStringAsync(TestSite.Token);
        Assert.Contains("href=\"/api\"", liked, StringComparison.Ordinal);
        foreach (var nonsense in new[] { "?lang=xx", "?lang=", "?lang", "?lang=FR%0d%0aX:%20y", "?lang=fr&lang=en" })
            Assert.Contains("<html lang=\"en\">", await _site.GetTextAsync("/about" + nonsense), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_speaks_the_language_of_the_browser_and_to_programs_English()
    {
        const string english = "There is nothing here. Perhaps the link lost a character, or the paste has ended or was deleted.";
        const string french = "Le lien a peut-être perdu un caractère, ou le collage est arriv";
        Assert.Contains(french, await SayAsync("/nosuchpaste", "text/html"), StringComparison.Ordinal);
        Assert.Contains("lang=\"fr\"", await SayAsync("/nosuchpaste", "text/html"), StringComparison.Ordinal);
        Assert.Contains(english, await SayAsync("/nosuchpaste", "application/json"), StringComparison.Ordinal);
        Assert.Equal(english + "\n", await SayAsync("/nosuchpaste", "*/*"));
        // Our own scripts ask by address.
        Assert.Contains(french, await SayAsync("/nosuchpaste?lang=fr", "application/json"), StringComparison.Ordinal);
        Assert.Contains("\"message\":\"Document not found.\"", await SayAsync("/documents/nosuchpaste", "*/*"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_form_comes_back_in_the_language_of_the_browser()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("paste", "mon texte"), KeyValuePair.Create("user", new string('x', 101))]),
        };
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.AcceptLanguage.ParseAdd("fr");
        var html = WebUtility.HtmlDecode(await (await _site.Http.SendAsync(request, TestSite.Token)).Content.ReadAsStringAsync(TestSite.Token));
        Assert.Contains("«\u00A0user\u00A0» a plus de 100 caractères. Votre texte est toujours là.", html, StringComparison.Ordinal);
        Assert.Contains("mon texte", html, StringComparison.Ordinal);
    }

    private async Task<string> SayAsync(string path, string accept)
    {
        var answer = await _site.GetAsync(path, accept, ("Accept-Language", "fr"));
        var said = await answer.Content.ReadAsStringAsync(TestSite.Token);
        return WebUtility.HtmlDecode(said.Replace("\\u00EA", "ê", StringComparison.OrdinalIgnoreCase).Replace("\\u00E8", "è", StringComparison.OrdinalIgnoreCase));
    }
}
