using System.Net.Http.Headers;

namespace Pasteur.Tests.Web;

public sealed class HeaderTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        var path = await _site.PasteAsync("x");
        var style = AssetOf(await _site.GetTextAsync("/"), ".css");
        string[] urls =
        [
            "/", path, path + "?ln=true", "/raw" + path, path + "/paste.txt", path + ".zip", path + ".tar", "/documents" + path, "/api/v1/pastes" + path, "/about", "/api",
            "/openapi.json", "/robots.txt", style, "/nosuchpaste", "/healthz", "/readyz", "/metrics",
        ];
        foreach (var url in urls)
        {
            var headers = (await _site.GetAsync(url)).Headers;
            Assert.Equal("nosniff", Single(headers, "X-Content-Type-Options"));
            Assert.Equal("no-referrer", Single(headers, "Referrer-Policy"));
            Assert.Equal("same-origin", Single(headers, "Cross-Origin-Opener-Policy"));
            Assert.Equal("same-origin", Single(headers, "Cross-Origin-Resource-Policy"));
            var policy = Single(headers, "Content-Security-Policy");
            Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Empty(headers.Server);
        }
    }

    [Fact]
    public async Task Pages_have_nothing_inline_and_nothing_from_elsewhere()
    {
        var path = await _site.PasteAsync("one\ntwo", ("user", "Ada"), ("comment", "c"), ("hl", "ml"));
        foreach (var url in new[] { "/", path, path + "?ln=true", "/about", "/api" })
        {
            var page = await _site.GetTextAsync(url);
            Assert.DoesNotMatch("<style|style=|<script>|<script [^>]*>[^<]|\\son[a-z]+=|javascript:", page);
            Assert.DoesNotMatch("(src|href|action)=\"(https?:)?//", page);
        }
    }

    [Fact]
    public async Task Assets_may_be_kept_for_ever_because_their_names_are_hashes()
    {
        var style = AssetOf(await _site.GetTextAsync("/"), ".css");

        var response = await _site.GetAsync(style, headers: ("Accept-Encoding", "br"));

        Assert.Matches(@"^/assets/style\.[0-9a-f]{12}\.css$", style);
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl!.ToString());
        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        Assert.Equal("text/css", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Raw_text_may_be_kept_by_shared_caches_and_is_asked_for_again_like_pages()
    {
        var path = await _site.PasteAsync("x");

        Assert.Equal("public, no-cache", (await _site.GetAsync("/raw" + path)).Headers.CacheControl!.ToString());
        Assert.Equal("no-cache", (await _site.GetAsync(path)).Headers.CacheControl!.ToString());
    }

    private static string Single(HttpResponseHeaders headers, string name) => Assert.Single(headers.GetValues(name));

    private static string AssetOf(string page, string ending) =>
        page.Split('"').Single(part => part.StartsWith("/assets/", StringComparison.Ordinal) && part.EndsWith(ending, StringComparison.Ordinal));
}
