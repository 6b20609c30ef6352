using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>
/// Markup in a file's name (PrivateBin CVE-2020-5223, CVE-2025-62796, CVE-2025-64711; opengist #784), in the text (microbin
/// CVE-2023-27075), in a name or comment. Each carries a canary; a page on which it stands as markup is a page that runs it.
/// </summary>
public sealed class MarkupAttackTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public static TheoryData<string> Payloads => new(
        "<img src=x onerror=canary()>",
        "<script>canary()</script>",
        "\"><svg onload=canary()>",
        "' onmouseover='canary()",
        "\" onfocus=\"canary()\" autofocus x=\"",
        "</pre></div><script>canary()</script>",
        "</textarea><script>canary()</script>",
        "</title><script>canary()</script>",
        "<!--<script>canary()//-->",
        "&lt;script&gt;canary()&lt;/script&gt;",
        "&#60;script&#62;canary()",
        "javascript:canary()",
        "{{constructor.constructor('canary()')()}}",
        "<a href=\"javascript:canary()\">x</a>",
        "<style>@import'//evil/canary'</style>",
        "\u2028<script>canary()</script>");

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Markup_in_the_text_stays_text(string payload)
    {
        var path = await _site.PasteAsync($"one\n{payload}\nthree");

        await AssertHarmlessAsync(payload, path, path + "?ln=true", $"/?from={path[1..]}");
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Markup_in_the_author_and_comment_stays_text(string payload)
    {
        var path = await _site.PasteAsync("x", ("user", payload), ("comment", payload));

        await AssertHarmlessAsync(payload, path);
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Markup_in_a_file_name_stays_text(string payload)
    {
        var files = new[] { new { name = payload, content = "x" }, new { name = payload + ".html", content = "<b>" } };
        var made = await _site.Http.PostAsJsonAsync("/api/v1/pastes", new { files }, TestSite.Token);
        var path = made.Headers.Location!.OriginalString["/api/v1/pastes".Length..];

        await AssertHarmlessAsync(payload, path, path + "?ln=true");
        var single = await _site.PasteFilesAsync((payload, "x"u8.ToArray()));
        await AssertHarmlessAsync(payload, single);
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Markup_in_an_address_stays_text(string payload)
    {
        var encoded = Uri.EscapeDataString(payload);
        var path = await _site.PasteAsync("x");
        foreach (var url in new[] { $"/{encoded}", $"/raw/{encoded}", $"{path}/{encoded}", $"{path}?hl={encoded}", $"{path}.{encoded}", $"/?from={encoded}", $"/assets/{encoded}", $"/no/such/{encoded}" })
        {
            var response = await _site.GetAsync(url, "text/html");
            AssertHarmless(payload, await response.Content.ReadAsStringAsync(TestSite.Token));
        }
    }

    [Fact]
    public async Task Markup_in_the_host_name_is_no_page()
    {
        foreach (var host in new[] { "x\"><script>canary()</script>", "<b>", "evil.example/canary", "a b" })
        {
            var answer = await _site.SendRawAsync($"GET /api HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x:99999")]
    [InlineData("a..b")]
    public async Task A_host_that_is_none_of_a_uri_breaks_no_page(string host)
    {
        foreach (var path in new[] { "/api", "/about" })
        {
            var answer = await _site.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
            Assert.Matches("^HTTP/1.1 (200|400) ", answer);
        }
    }

    private async Task AssertHarmlessAsync(string payload, params string[] paths)
    {
        foreach (var path in paths) AssertHarmless(payload, await _site.GetTextAsync(path));
    }

    /// <summary>No tag, attribute or reference of the payload: what is left of it is text between the page's own tags.</summary>
    private static void AssertHarmless(string payload, string page)
    {
        if (payload.AsSpan().IndexOfAny('<', '"', '&') >= 0) Assert.DoesNotContain(payload, page, StringComparison.Ordinal);
        foreach (var tag in Regex.EnumerateMatches(page, "<[^>]*>"))
        {
            var text = page.AsSpan(tag.Index, tag.Length);
            var outsideOfValues = Regex.Replace(text.ToString(), "\"[^\"]*\"", "");
            Assert.DoesNotContain("canary", outsideOfValues, StringComparison.Ordinal);
            Assert.DoesNotMatch("(href|src|action)=\"\\s*javascript:", text.ToString());
        }
        Assert.DoesNotMatch("<script(?![^>]* src=\"/assets/)", page);
    }
}
