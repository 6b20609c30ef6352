using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pasteur.Pastes;

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

    /// <summary>The pages around a paste, of one in which the payload is everywhere: as its owner is shown them, and as whoever reports it is.</summary>
    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Markup_stays_text_on_the_pages_of_owners_readers_and_reports(string payload)
    {
        var (path, token, tag) = await MakeAsync(payload);
        var line = CleanText.Line(payload)!;

        foreach (var page in new[] { "/revisions" + path, $"/diff{path}?view=side", $"/diff{path}?view=unified", $"/diff{path}?from=2&to=1" }) await AssertShownAsync(payload, line, page);
        await AssertShownAsync(payload, payload, "/edit" + path);
        await AssertHarmlessAsync(payload, path + "@1", path + "@2", "/delete" + path, "/report" + path, "/?from=" + path[1..]);

        // Forms that come back with what was in them, as it was: nobody has cleaned that.
        (string, string)[] fields = [("next-name", payload), ("paste", $"{payload}\nmine"), ("user", payload), ("comment", payload), ("keep", payload), ("hl", payload), ("expires", payload), ("title", payload)];
        await AssertComesBackAsync(payload, 403, "/edit" + path, [.. fields[..5], ("token", payload)]);
        await AssertComesBackAsync(payload, 409, "/edit" + path, [.. fields[..5], ("token", token), ("base", tag)]);
        await AssertComesBackAsync(payload, 400, "/edit" + path, [.. fields, ("token", token)]);
        await AssertComesBackAsync(payload, 400, "/", [.. fields[1..], ("origin", payload)]);
        await AssertComesBackAsync(payload, 400, "/report" + path, ("reason", payload + new string('x', 501)));
        AssertHarmless(payload, await PostAsync(403, "/delete" + path, ("token", payload)));
        AssertHarmless(payload, await PostAsync(200, "/report" + path, ("reason", payload)));
        AssertHarmless(payload, await PostAsync(200, "/delete" + path, ("token", token)));
    }

    /// <summary>"Trojan source" (CVE-2021-42574): what turns the text after it, or hides, ends where the text of others begins.</summary>
    [Theory]
    [InlineData('\u202E')]
    [InlineData('\u202D')]
    [InlineData('\u202B')]
    [InlineData('\u202A')]
    [InlineData('\u2066')]
    [InlineData('\u2067')]
    [InlineData('\u2068')]
    public async Task Marks_of_direction_turn_nothing_around_them(char mark)
    {
        var payload = $"{mark}gpj.exe";
        var (path, token, tag) = await MakeAsync(payload);
        (string, string)[] fields = [("next-name", payload), ("paste", payload), ("user", payload), ("comment", payload), ("keep", payload)];

        var pages = new List<string>();
        foreach (var page in new[] { path, path + "@1", "/revisions" + path, $"/diff{path}?view=side", $"/diff{path}?view=unified", "/edit" + path, "/delete" + path, "/report" + path, "/?from=" + path[1..] })
            pages.Add(await _site.GetTextAsync(page));
        pages.Add(await PostAsync(403, "/edit" + path, [.. fields, ("token", "wrong")]));
        pages.Add(await PostAsync(409, "/edit" + path, [.. fields, ("token", token), ("base", tag)]));
        pages.Add(await PostAsync(400, "/report" + path, ("reason", payload + new string('x', 501))));

        // A field is a box of its own, and so is what stands in a <bdi>.
        Assert.All(pages, page => Assert.DoesNotContain(mark, Regex.Replace(WebUtility.HtmlDecode(Regex.Replace(page, "<textarea[^>]*>[^<]*</textarea>|<bdi>[^<]*</bdi>|<[^>]*>", "")), "&#x202.;", "mark")));
        Assert.Contains(pages, page => page.Contains($"<bdi>{mark}</bdi>", StringComparison.Ordinal));
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

    /// <summary>A paste of two revisions with the payload in names, text, author and comment; and the tag of the first.</summary>
    private async Task<(string Path, string Token, string Tag)> MakeAsync(string payload)
    {
        var files = new[] { new { name = payload, content = $"one\n{payload}\n" }, new { name = "kept", content = payload } };
        using var made = await _site.Http.PostAsJsonAsync("/api/v1/pastes", new { files, author = payload, comment = payload, language = payload }, TestSite.Token);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var (path, token) = (made.Headers.Location!.OriginalString["/api/v1/pastes".Length..], made.Headers.GetValues("X-Token").Single());
        var tag = (await made.Content.ReadFromJsonAsync<JsonElement>(TestSite.Token)).GetProperty("tag").GetString()!;
        var changed = new[] { new { name = payload, content = $"two\n{payload} {payload}\n" }, new { name = payload + "2", content = payload } };
        using var edit = new HttpRequestMessage(HttpMethod.Put, "/api/v1/pastes" + path) { Content = JsonContent.Create(new { files = changed, author = payload, comment = payload }), Headers = { { "X-Token", token } } };
        Assert.Equal(HttpStatusCode.OK, (await _site.Http.SendAsync(edit, TestSite.Token)).StatusCode);
        return (path, token, tag);
    }

    private async Task<string> PostAsync(int status, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), Headers = { { "Accept", "text/html" } } };
        using var answer = await _site.Http.SendAsync(request, TestSite.Token);
        Assert.Equal((path, (HttpStatusCode)status), (path, answer.StatusCode));
        return await answer.Content.ReadAsStringAsync(TestSite.Token);
    }

    private async Task AssertComesBackAsync(string payload, int status, string path, params (string Name, string Value)[] fields)
    {
        var page = await PostAsync(status, path, fields);
        Assert.Contains(payload, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        AssertHarmless(payload, page);
    }

    /// <summary>It is there, and it is text: a page without it would prove nothing.</summary>
    private async Task AssertShownAsync(string payload, string shown, string path)
    {
        var page = await _site.GetTextAsync(path);
        Assert.Contains(shown, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        AssertHarmless(payload, page);
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
