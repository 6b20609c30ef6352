using System.Net.Http.Headers;

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

    [Fact]
    public async Task A_query_cannot_choose_the_type()
    {
        var path = await _site.PasteAsync("<script>canary()</script>");
        foreach (var query in new[] { "?type=text/html", "?mime=text/html", "?content-type=text/html", "?response-content-type=text/html" })
            Assert.Equal("text/plain", (await _site.GetAsync($"/raw{path}{query}")).Content.Headers.ContentType!.MediaType);
    }
}
