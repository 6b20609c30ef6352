using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Pasteur.Tests.Web;

/// <summary>Pastes that end, as clients see them.</summary>
public sealed class ExpiryTests
{
    private static CancellationToken Cancel => TestSite.Token;

    [Fact]
    public async Task It_is_shown_with_its_end_and_by_nobody_kept_and_then_gone_in_every_form()
    {
        await using var site = await TestSite.StartAsync();
        var created = await site.PostFormAsync(("paste", "short"), ("expires", "3s"));
        var end = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(created.Headers.GetValues("X-Expires").Single(), System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(end - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        var path = new Uri((await created.Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;
        string[] ways = [path, "/raw" + path, $"{path}/paste.txt", $"{path}.zip", "/api/v1/pastes" + path, "/documents" + path, "/edit" + path, "/revisions" + path, $"/diff{path}?from=1&to=1", $"/api/v1/pastes{path}/revisions"];
        foreach (var way in ways)
        {
            var answer = await site.GetAsync(way);
            Assert.Equal((way, HttpStatusCode.OK), (way, answer.StatusCode));
            Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        }
        Assert.Contains("<time datetime=\"" + end.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture), await (await site.GetAsync(path, "text/html")).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        await Task.Delay(end - DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(5), Cancel);
        foreach (var way in ways)
        {
            var answer = await site.GetAsync(way);
            Assert.Equal((way, HttpStatusCode.Gone), (way, answer.StatusCode));
            Assert.DoesNotContain("short", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/0123456789")).StatusCode);
    }

    [Theory]
    [InlineData("soon", "\"expires\" is no time.")]
    [InlineData("0", "is in the past")]
    [InlineData("2001-01-01T00:00:00Z", "is in the past")]
    [InlineData("8d", "lives 7 days at most")]
    [InlineData("never", "lives 7 days at most")]
    public async Task What_cannot_be_is_one_clear_line(string expires, string said)
    {
        await using var site = await TestSite.StartAsync("--max-expiry", "7d");
        var answer = await site.PostFormAsync(("paste", "x"), ("expires", expires));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var line = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.Single(line.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_default_holds_for_every_way_to_paste_and_never_for_who_says_so()
    {
        await using var site = await TestSite.StartAsync("--default-expiry", "1h");
        using var bare = new StringContent("x");
        using var haste = new StringContent("x");
        using var json = new StringContent("""{"files":[{"content":"x"}]}""", Encoding.UTF8, "application/json");
        HttpResponseMessage[] answers =
        [
            await site.PostFormAsync(("paste", "x")),
            await site.Http.PutAsync("/a.txt", bare, Cancel),
            await site.Http.PostAsync("/documents", haste, Cancel),
            await site.Http.PostAsync("/api/v1/pastes", json, Cancel),
        ];
        Assert.All(answers, answer => Assert.Single(answer.Headers.GetValues("X-Expires")));
        Assert.False((await site.PostFormAsync(("paste", "x"), ("expires", "never"))).Headers.Contains("X-Expires"));
    }

    [Fact]
    public async Task Programs_are_told_when_it_ends_and_0x0_counts_hours()
    {
        await using var site = await TestSite.StartAsync();
        var made = await site.Http.PostAsJsonAsync("/api/v1/pastes", new { files = new[] { new { content = "x" } }, expires = "2030-01-31T12:00:00Z" }, Cancel);
        using var told = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("2030-01-31T12:00:00+00:00", told.RootElement.GetProperty("expires").GetString());

        using var form = new MultipartFormDataContent { { new StringContent("text"), "file", "-" }, { new StringContent("24"), "expires" } };
        var answer = await site.Http.PostAsync("/", form, Cancel);
        var end = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(answer.Headers.GetValues("X-Expires").Single(), System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(end - DateTimeOffset.UtcNow, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.01));
    }

    [Fact]
    public async Task The_form_offers_what_the_site_allows()
    {
        await using var site = await TestSite.StartAsync("--max-expiry", "7d", "--default-expiry", "1d");
        var page = await (await site.GetAsync("/", "text/html")).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("<option value=\"1d\" selected=\"selected\">1 day</option>", page, StringComparison.Ordinal);
        Assert.Contains("<option value=\"7d\">7 days</option>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"30d\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"never\"", page, StringComparison.Ordinal);
    }
}
