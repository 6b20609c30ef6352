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

    /// <summary>GET /open/{id} leads to where its id says: that is the one redirect with a part that an attacker wrote.</summary>
    [Theory]
    [InlineData("/open//evil.example")]
    [InlineData("/open/%2fevil.example")]
    [InlineData("/open/%2f%2fevil.example")]
    [InlineData("/open/%252f%252fevil.example")]
    [InlineData("/open/\\evil.example")]
    [InlineData("/open/%5cevil.example")]
    [InlineData("/open/%5c%5cevil.example")]
    [InlineData("/open/https:%2f%2fevil.example")]
    [InlineData("/open/https://evil.example")]
    [InlineData("/open/https:evil.example")]
    [InlineData("/open/javascript:canary()")]
    [InlineData("/open/data:text%2fhtml,canary")]
    [InlineData("/open/@evil.example")]
    [InlineData("/open/%3f@evil.example")]
    [InlineData("/open/%23@evil.example")]
    [InlineData("/open/%09%2fevil.example")]
    [InlineData("/open/%20%2f%2fevil.example")]
    [InlineData("/open/%0d%0aLocation:%20https:%2f%2fevil.example")]
    [InlineData("/open/x%0d%0a%0d%0a%3cscript%3ecanary()%3c%2fscript%3e")]
    [InlineData("/open/..%2f..%2f%2fevil.example")]
    [InlineData("/open/.%2e/%2fevil.example")]
    [InlineData("/open/%ef%bc%8f%ef%bc%8fevil.example")]
    [InlineData("/open/%e2%81%84evil.example")]
    [InlineData("/open/x?next=//evil.example&url=//evil.example&lang=//evil.example")]
    public async Task What_was_opened_leads_to_a_paste_of_this_site_and_nowhere_else(string target)
    {
        foreach (var method in (string[])["GET", "HEAD"])
        {
            var answer = await _site.SendRawAsync(
                $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Prefix: //evil.example\r\nReferer: http://evil.example/\r\nConnection: close\r\n\r\n");

            Assert.Matches("^HTTP/1.1 (303|400|404) ", answer);
            var head = answer.Split("\r\n\r\n")[0].Split("\r\n");
            var locations = head.Where(line => line.StartsWith("Location:", StringComparison.OrdinalIgnoreCase)).ToList();
            Assert.Equal(answer.StartsWith("HTTP/1.1 303 ", StringComparison.Ordinal) ? 1 : 0, locations.Count);
            // One segment of what needs no encoding, or is encoded: nothing in it is a slash of any kind.
            Assert.All(locations, location => Assert.Matches("^Location: /[0-9A-Za-z._~%-]+$", location));
            Assert.DoesNotContain("canary()", answer, StringComparison.Ordinal);
        }
    }

    /// <summary>And it says the same of all: who asks it learns of no paste whether there is one, and opens none.</summary>
    [Fact]
    public async Task What_was_opened_leads_there_whether_there_is_such_a_paste_or_not()
    {
        var burning = (await _site.PasteAsync("canary-unread", ("burn", "1")))[1..];
        var burnt = (await _site.PasteAsync("canary-read", ("burn", "1")))[1..];
        Assert.Equal(HttpStatusCode.OK, (await _site.Http.PostAsync("/" + burnt, null, TestSite.Token)).StatusCode);
        string[] codes = ["zzzzzzzzzz", (await _site.PasteAsync("canary"))[1..], burning, burnt, "no-code", "admin"];
        foreach (var accept in (string[])["text/html", "application/json", "text/plain"])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                var answers = new List<string>();
                foreach (var code in codes)
                {
                    using var request = new HttpRequestMessage(method, "/open/" + code) { Headers = { { "Accept", accept } } };
                    using var answer = await _site.Http.SendAsync(request, TestSite.Token);
                    answer.Headers.Date = null;
                    Assert.Equal((HttpStatusCode.SeeOther, "/" + code, true), (answer.StatusCode, answer.Headers.Location!.OriginalString, answer.Headers.CacheControl!.NoStore));
                    answers.Add($"{answer}{await answer.Content.ReadAsStringAsync(TestSite.Token)}".Replace(code, "ID", StringComparison.Ordinal));
                }
                Assert.Single(answers.Distinct());
                Assert.DoesNotContain("canary", answers[0], StringComparison.Ordinal);
            }
        }

        Assert.Equal("canary-unread", await (await _site.Http.PostAsync("/" + burning, null, TestSite.Token)).Content.ReadAsStringAsync(TestSite.Token));
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
