using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Web;

/// <summary>Visitors report a paste with a form, without a script.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_of_a_paste_leads_to_a_form_that_is_kept()
    {
        await using var site = await StartAsync();
        foreach (var path in (string[])[await site.PasteAsync("clear"), await EncryptedAsync(site)])
        {
            var page = await (await site.GetAsync(path, "text/html")).Content.ReadAsStringAsync(TestSite.Token);
            var link = Regex.Match(page, "<a href=\"(/report/[^\"]+)\"").Groups[1].Value;
            Assert.Equal("/report" + path, link);
            var form = await (await site.GetAsync(link, "text/html")).Content.ReadAsStringAsync(TestSite.Token);
            Assert.DoesNotContain("<script", form, StringComparison.Ordinal);
            Assert.Matches($"<form method=\"post\" action=\"{link}\">", form);

            var thanks = await ReportAsync(site, link, "canary <script>alert(1)</script>", "text/html");

            Assert.Equal(HttpStatusCode.OK, thanks.StatusCode);
            Assert.Contains("Thank you", await thanks.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
            Assert.Contains($"\"paste\":\"{path.TrimStart('/')}\"", Kept(), StringComparison.Ordinal);
        }
        Assert.Equal(2, Kept().Split("canary").Length - 1);
        Assert.DoesNotContain("127.0.0.1", Kept(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_a_line_for_programs_and_goes_on_where_the_site_is_for_reading_alone()
    {
        string path;
        await using (var site = await StartAsync()) path = await site.PasteAsync("x");
        await using var readOnly = await StartAsync("--read-only");

        var thanks = await ReportAsync(readOnly, "/report" + path, "spam");

        Assert.Equal("Thank you. Whoever runs this site can read it now.\n", await thanks.Content.ReadAsStringAsync(TestSite.Token));
        Assert.Contains("spam", Kept(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("long")]
    public async Task Without_a_reason_or_with_a_long_one_it_is_asked_for_again(string reason)
    {
        await using var site = await StartAsync();
        var path = await site.PasteAsync("x");

        var answer = await ReportAsync(site, "/report" + path, reason == "long" ? new string('x', 501) : reason, "text/html");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data/moderation"]));
    }

    [Fact]
    public async Task Nothing_is_kept_of_what_is_not_there_or_too_long_or_from_another_site()
    {
        await using var site = await StartAsync();
        var path = await site.PasteAsync("x");

        Assert.Equal(HttpStatusCode.NotFound, (await ReportAsync(site, "/report/zzzzzzzzzz", "spam")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/report/zzzzzzzzzz")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await ReportAsync(site, "/report" + path, new string('x', 20_000))).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/report" + path) { Content = new StringContent("reason=spam"), Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.SendAsync(foreign, TestSite.Token)).StatusCode);

        Assert.False(Directory.Exists(_folder["data/moderation"]));
    }

    [Fact]
    public async Task Of_what_was_burnt_it_says_so()
    {
        await using var site = await StartAsync();
        var path = await site.PasteAsync("x", ("burn", "1"));
        Assert.Equal(HttpStatusCode.OK, (await site.Http.PostAsync("/open" + path, null, TestSite.Token)).StatusCode);

        Assert.Equal(HttpStatusCode.Gone, (await site.GetAsync("/report" + path)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await ReportAsync(site, "/report" + path, "spam")).StatusCode);
    }

    [Fact]
    public async Task Reports_are_counted_as_writes()
    {
        await using var site = await StartAsync("--trusted-proxy", "127.0.0.1", "--limit-writes", "2/1h");
        var path = await site.PasteAsync("x");
        HttpStatusCode[] codes = [await CodeAsync(), await CodeAsync(), await CodeAsync()];

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], codes);

        async Task<HttpStatusCode> CodeAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/report" + path) { Content = new StringContent("reason=spam"), Headers = { { "X-Forwarded-For", "203.0.113.77" } } };
            return (await site.Http.SendAsync(request, TestSite.Token)).StatusCode;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/raw")]
    [InlineData("/api/v1/pastes")]
    [InlineData("/revisions")]
    [InlineData("/report")]
    [InlineData("/documents")]
    public async Task Search_engines_are_told_to_leave_out_whatever_is_of_a_paste(string prefix)
    {
        await using var site = await TestSite.StartAsync();
        var path = await site.PasteAsync("x");

        Assert.Equal("noindex", Assert.Single((await site.GetAsync(prefix + path)).Headers.GetValues("X-Robots-Tag")));
        Assert.False((await site.GetAsync("/about")).Headers.Contains("X-Robots-Tag"));
    }

    private string Kept() => File.ReadAllText(_folder["data/moderation/reports.jsonl"]);

    private Task<TestSite> StartAsync(params string[] arguments) => TestSite.StartAsync(["--data", _folder["data"], .. arguments]);

    private static async Task<string> EncryptedAsync(TestSite site)
    {
        var file = new { name = "x", base64 = Convert.ToBase64String([.. "PstrEnv\n"u8, 1, 0, .. new byte[300]]) };
        var made = await site.Http.PostAsJsonAsync("/api/v1/pastes", new { encrypted = "v1", files = new[] { file } }, TestSite.Token);
        return "/" + made.Headers.Location!.OriginalString.Split('/')[^1];
    }

    private static async Task<HttpResponseMessage> ReportAsync(TestSite site, string path, string reason, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("reason", reason)]) };
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return await site.Http.SendAsync(request, TestSite.Token);
    }
}
