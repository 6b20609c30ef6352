using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>
/// Pasted HTML, SVG or scripts opened on the site's own origin (PrivateBin CVE-2022-24833, Gokapi CVE-2026-28683), or served under
/// a type that a browser may guess or an attacker choose (opengist #613 #736, rustypaste #508).
/// </summary>
public sealed class OriginAttackTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public static TheoryData<string, byte[]> Files => new()
    {
        { "a.html", "<script>canary()</script>"u8.ToArray() },
        { "a.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='canary()'/>"u8.ToArray() },
        { "a.js", "canary()"u8.ToArray() },
        { "a.xml", "<?xml version='1.0'?><?xml-stylesheet href='canary'?><x/>"u8.ToArray() },
        { "a.pdf", "%PDF-1.7 canary"u8.ToArray() },
        { "a.swf", "CWS canary"u8.ToArray() },
        { "a.png", "<script>canary()</script>"u8.ToArray() },
        { "a.gif", "GIF89a/*canary*/=0;canary()"u8.ToArray() },
        { "utf7.html", "+ADw-script+AD4-canary()+ADw-/script+AD4-"u8.ToArray() },
        { "utf16.html", [0xFF, 0xFE, (byte)'<', 0, (byte)'s', 0] },
        { "polyglot.jpg", [0xFF, 0xD8, 0xFF, 0xE0, .. "<script>canary()</script>"u8] },
        { "nul.html", [0, .. "<script>canary()</script>"u8] },
    };

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Nothing_pasted_is_ever_served_as_something_that_runs(string name, byte[] content)
    {
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue("text/html");
        form.Add(part, "file", name);
        var made = await _site.Http.PostAsync("/", form, TestSite.Token);
        var path = new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;

        foreach (var url in new[] { $"/raw{path}", $"/raw{path}.html", $"/raw{path}.svg", $"{path}?raw=true", $"{path}.html?raw=true", $"{path}/{name}", $"{path}/{name}?download=true" })
        {
            foreach (var accept in new[] { "text/html", "image/svg+xml", "application/javascript", "*/*" })
            {
                var response = await _site.GetAsync(url, accept);
                Assert.Contains(response.Content.Headers.ContentType!.ToString(), (string[])["text/plain; charset=utf-8", "application/octet-stream", "image/jpeg"]);
                Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.Equal("default-src 'none'; sandbox; frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
                Assert.Equal(content, await response.Content.ReadAsByteArrayAsync(TestSite.Token));
            }
        }
    }

    /// <summary>What burns has no address of its own: it is the answer to a POST, which a form of any page can make a browser show.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public async Task Nor_is_it_when_it_burns_and_is_opened(string name, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new StringContent("9"), "reads" } };
        var part = new ByteArrayContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue("text/html");
        form.Add(part, "file", name);
        var made = await _site.Http.PostAsync("/", form, TestSite.Token);
        var path = new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;

        foreach (var url in new[] { path, $"/open{path}" })
        {
            foreach (var accept in new[] { "image/svg+xml", "application/javascript", "*/*" })
            {
                using var opened = await OpenAsync(url, accept);
                var type = opened.Content.Headers.ContentType!.ToString();
                Assert.Contains(type, (string[])["text/plain; charset=utf-8", "application/octet-stream", "image/jpeg"]);
                Assert.Equal("default-src 'none'; sandbox; frame-ancestors 'none'", opened.Headers.GetValues("Content-Security-Policy").Single());
                // What is neither text nor a picture is for saving, under its name.
                Assert.Equal(type == "application/octet-stream" ? ("attachment", name) : default, (opened.Content.Headers.ContentDisposition?.DispositionType, opened.Content.Headers.ContentDisposition?.FileName));
                Assert.Equal(content, await opened.Content.ReadAsByteArrayAsync(TestSite.Token));
            }
        }

        using var page = await OpenAsync($"/open{path}", "text/html");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            page.Headers.GetValues("Content-Security-Policy").Single());
        var html = await page.Content.ReadAsStringAsync(TestSite.Token);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg xmlns='", html, StringComparison.Ordinal);
        // A link to data of a type that runs would run it, if not on this origin.
        var data = Regex.Matches(html, "(\\w+)=\"data:([^;\"]*)").Select(match => match.Groups[1].Value + ' ' + match.Groups[2].Value).ToList();
        Assert.NotEmpty(data);
        Assert.All(data, link => Assert.Contains(link, (string[])["href application/octet-stream", "href image/jpeg", "src image/jpeg"]));

        using var json = await OpenAsync($"/api/v1/pastes{path}/open", "text/html");
        Assert.Equal("application/json", json.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_query_cannot_choose_the_type()
    {
        var path = await _site.PasteAsync("<script>canary()</script>");
        foreach (var query in new[] { "?type=text/html", "?mime=text/html", "?content-type=text/html", "?response-content-type=text/html" })
            Assert.Equal("text/plain", (await _site.GetAsync($"/raw{path}{query}")).Content.Headers.ContentType!.MediaType);
    }

    private async Task<HttpResponseMessage> OpenAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "Accept", accept } } };
        var opened = await _site.Http.SendAsync(request, TestSite.Token);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Equal(("nosniff", "same-origin", "noindex"), (
            opened.Headers.GetValues("X-Content-Type-Options").Single(), opened.Headers.GetValues("Cross-Origin-Resource-Policy").Single(), opened.Headers.GetValues("X-Robots-Tag").Single()));
        Assert.Equal("no-store", opened.Headers.CacheControl!.ToString());
        return opened;
    }
}
