using System.Net;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>
/// Paths that lead elsewhere: in the address, in a cookie or a template's name (PrivateBin CVE-2025-64714), as a command's argument
/// (opengist PR #769). The canaries are files that would be read or written.
/// </summary>
public sealed class PathAttackTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/raw/../../../../etc/passwd")]
    [InlineData("/raw/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/raw/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/raw/%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("/raw/..%5c..%5cetc%5cpasswd")]
    [InlineData("/raw/%c0%ae%c0%ae%c0%afetc%c0%afpasswd")]
    [InlineData("/raw/%00")]
    [InlineData("/raw/abc%00.txt")]
    [InlineData("/raw/%ff%fe")]
    [InlineData("/raw//etc/passwd")]
    [InlineData("/assets/../../../../etc/passwd")]
    [InlineData("/assets/..%2fmanifest.txt")]
    [InlineData("/assets/manifest.txt")]
    [InlineData("/assets/..%2f..%2fopenapi.json")]
    [InlineData("/documents/..%2fpasteur.json")]
    [InlineData("/api/v1/pastes/..%2fpasteur.json")]
    [InlineData("/pasteur.json")]
    [InlineData("/.git/config")]
    [InlineData("/HEAD")]
    [InlineData("/objects/info/packs")]
    [InlineData("/refs/heads/main")]
    [InlineData("/raw/HEAD")]
    [InlineData("/raw/main:pasteur.json")]
    [InlineData("/raw/--output=canary")]
    [InlineData("/raw/-o%20canary")]
    [InlineData("/--upload-pack=touch%20canary")]
    [InlineData("/raw/$(touch%20canary)")]
    [InlineData("/raw/;touch%20canary")]
    [InlineData("/raw/%7Ctouch%20canary")]
    public async Task No_path_leads_out_of_the_pastes(string target)
    {
        await _site.PasteAsync("so that there is a repository");

        var answer = await _site.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("format", answer, StringComparison.Ordinal);
        Assert.False(File.Exists("canary"));
    }

    [Theory]
    [InlineData("lang=../../../../etc/passwd")]
    [InlineData("template=/etc/passwd%00; theme=..%2f..%2fcanary")]
    public async Task A_cookie_names_no_file(string cookie)
    {
        var with = await _site.GetAsync("/", headers: ("Cookie", cookie));

        Assert.Equal(await _site.GetTextAsync("/"), await with.Content.ReadAsStringAsync(TestSite.Token));
        Assert.False(with.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("../../canary")]
    [InlineData("/tmp/canary")]
    [InlineData("..\\..\\canary")]
    [InlineData("canary\0.txt")]
    [InlineData(".git/hooks/canary")]
    public async Task A_files_name_is_a_name_and_no_path(string name)
    {
        var path = await _site.PasteFilesAsync((name.Replace("\0", "", StringComparison.Ordinal), "x"u8.ToArray()), ("b", "y"u8.ToArray()));

        Assert.Contains("canary", await _site.GetTextAsync(path), StringComparison.Ordinal);
        Assert.False(File.Exists("canary"));
        Assert.False(File.Exists("../../canary"));
        Assert.False(File.Exists("/tmp/canary"));
    }

    [Theory]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET //evil.example/%2f.. HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET /\\evil.example HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET /%5cevil.example HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET /?from=//evil.example&url=//evil.example&next=//evil.example HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("POST //evil.example HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nAccept: text/html\r\n")]
    [InlineData("POST /?next=//evil.example&redirect=//evil.example HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nAccept: text/html\r\nReferer: http://evil.example/\r\n")]
    public async Task No_redirect_leads_to_another_site(string head)
    {
        var answer = await _site.SendRawAsync(head + "Connection: close\r\n\r\nx");

        var location = answer.Split("\r\n").FirstOrDefault(line => line.StartsWith("Location:", StringComparison.OrdinalIgnoreCase));
        Assert.True(location is null || System.Text.RegularExpressions.Regex.IsMatch(location, "^Location: /[0-9a-z]{10}$"), location);
    }

    [Fact]
    public async Task A_name_that_would_split_a_header_does_not()
    {
        var path = await _site.PasteFilesAsync(("a%0D%0ASet-Cookie: canary=1.bin", [0]));
        var page = await _site.GetTextAsync(path);
        var link = page.Split('"').First(part => part.EndsWith("?download=true", StringComparison.Ordinal));

        var response = await _site.GetAsync(link);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }
}
