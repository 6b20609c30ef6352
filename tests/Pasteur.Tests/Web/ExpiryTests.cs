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

    [Theory]
    [InlineData("3600", 3600)]
    [InlineData("\"3600\"", 3600)]
    [InlineData("36e2", null)]
    [InlineData("0.5", null)]
    [InlineData("-1", null)]
    public async Task In_JSON_seconds_may_be_a_number(string expires, int? seconds)
    {
        await using var site = await TestSite.StartAsync();
        using var body = new StringContent($$"""{"files":[{"content":"x"}],"expires":{{expires}}}""", Encoding.UTF8, "application/json");
        var made = await site.Http.PostAsync("/api/v1/pastes", body, Cancel);
        var said = await made.Content.ReadAsStringAsync(Cancel);
        if (seconds is { } life) Assert.InRange(JsonDocument.Parse(said).RootElement.GetProperty("expires").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(life - 60), TimeSpan.FromSeconds(life + 1));
        else Assert.StartsWith("\"expires\" is no time.", said, StringComparison.Ordinal);
    }

    /// <summary>What a plus in a time is where a form was not encoded.</summary>
    [Fact]
    public async Task A_time_with_an_offset_is_taken_from_a_field_that_was_not_encoded()
    {
        await using var site = await TestSite.StartAsync();
        using var body = new StringContent("paste=x&expires=2030-01-31T12:00:00.123456789+02:00", Encoding.UTF8, "application/x-www-form-urlencoded");
        var made = await site.Http.PostAsync("/", body, Cancel);
        Assert.Equal(new DateTimeOffset(2030, 1, 31, 10, 0, 1, default).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), made.Headers.GetValues("X-Expires").Single());
    }

    [Theory]
    [InlineData("kept for ever")]
    [InlineData("No paste is kept longer than 7 days", "--max-expiry", "7d")]
    [InlineData("that does not say when it ends is kept for 1 day", "--default-expiry", "1d")]
    [InlineData("No paste is kept longer than 7 days", "--max-expiry", "7d", "--default-expiry", "1d")]
    public async Task The_site_says_how_long_a_paste_is_kept_and_what_is_known_of_whom(string said, params string[] arguments)
    {
        await using var site = await TestSite.StartAsync(arguments);
        var page = System.Net.WebUtility.HtmlDecode(await (await site.GetAsync("/about", "text/html")).Content.ReadAsStringAsync(Cancel));
        Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.Equal(arguments.Length == 0, page.Contains("for ever", StringComparison.Ordinal));
        Assert.Contains("A paste that ends is shown to nobody from that second on", page, StringComparison.Ordinal);
        Assert.Contains("Your address on the Internet is written nowhere", page, StringComparison.Ordinal);
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
