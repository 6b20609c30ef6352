using System.Net;
using System.Text;
using System.Text.Json;

namespace Pasteur.Tests.Web;

/// <summary>Owners change when their pastes end, as clients see it.</summary>
public sealed class NewEndTests
{
    private static CancellationToken Cancel => TestSite.Token;

    [Fact]
    public async Task By_form_with_nothing_but_the_token_and_the_end()
    {
        await using var site = await TestSite.StartAsync();
        var (path, token) = await PasteAsync(site, ("paste", "one"), ("comment", "why"));
        var tag = (await site.GetAsync(path)).Headers.ETag;

        foreach (var to in (string[])[path, "/edit" + path])
        {
            var answer = await SendAsync(site, HttpMethod.Post, to, Form(("expires", to == path ? "1h" : "2h")), ("X-Token", token));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.EndsWith(path + "\n", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            Assert.InRange(EndOf(answer) - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(121));
        }
        var shown = await site.GetAsync(path, "text/html");
        var html = await shown.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("<time datetime=\"" + EndText(await ViewAsync(site, path)), html, StringComparison.Ordinal);
        Assert.Contains("why", html, StringComparison.Ordinal);
        Assert.NotEqual(tag, shown.Headers.ETag);
        Assert.Equal("no-store", shown.Headers.CacheControl!.ToString());
        Assert.Equal((1, true), ((await ViewAsync(site, path)).GetProperty("revision").GetInt32(), (await ViewAsync(site, path)).GetProperty("inHistory").GetBoolean()));

        Assert.False((await SendAsync(site, HttpMethod.Post, path, Form(("expires", "never"), ("token", token)))).Headers.Contains("X-Expires"));
        Assert.Equal("one", await site.GetTextAsync("/raw" + path));
        Assert.Equal(JsonValueKind.Null, (await ViewAsync(site, path)).GetProperty("expires").ValueKind);
        Assert.False((await ViewAsync(site, path)).TryGetProperty("inHistory", out _));
    }

    [Fact]
    public async Task As_JSON_alone_or_with_content_and_a_base_that_is_not_it_is_a_conflict()
    {
        await using var site = await TestSite.StartAsync();
        var (path, token) = await PasteAsync(site, ("paste", "one"));
        var tag = (await ViewAsync(site, path)).GetProperty("tag").GetString();

        using var first = JsonDocument.Parse(await OkAsync(await PutAsync(site, path, $$"""{"expires":"1h","base":"{{tag}}"}""", token)));
        Assert.Equal((1, true), (first.RootElement.GetProperty("revision").GetInt32(), first.RootElement.GetProperty("inHistory").GetBoolean()));
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(site, path, $$"""{"expires":"2h","base":"{{tag}}"}""", token)).StatusCode);
        using var second = JsonDocument.Parse(await OkAsync(await PutAsync(site, path, """{"expires":"2030-01-31T12:00:00Z","files":[{"content":"two"}]}""", token)));
        Assert.Equal(("2030-01-31T12:00:00+00:00", 2), (second.RootElement.GetProperty("expires").GetString(), second.RootElement.GetProperty("revision").GetInt32()));
        Assert.Equal("two", await site.GetTextAsync("/raw" + path));
        Assert.Equal("one", await site.GetTextAsync($"/raw{path}@1"));
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(site, path, "{}", token)).StatusCode);
    }

    [Theory]
    [InlineData("soon", "is no time")]
    [InlineData("2001-01-01T00:00:00Z", "is in the past")]
    [InlineData("8d", "lives 7 days at most, counted from when it was made. Nothing was changed")]
    [InlineData("never", "lives 7 days at most")]
    public async Task What_cannot_be_is_one_clear_line_and_changes_nothing(string expires, string said)
    {
        await using var site = await TestSite.StartAsync("--max-expiry", "7d");
        var (path, token) = await PasteAsync(site, ("paste", "one"), ("expires", "1h"));
        var before = await site.GetTextAsync("/api/v1/pastes" + path);
        var answer = await SendAsync(site, HttpMethod.Post, path, Form(("expires", expires)), ("X-Token", token));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var line = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.Single(line.TrimEnd('\n').Split('\n'));
        Assert.Equal(before, await site.GetTextAsync("/api/v1/pastes" + path));
    }

    [Fact]
    public async Task Without_the_token_it_is_403_whether_or_not_there_is_a_paste_and_what_burns_is_refused()
    {
        await using var site = await TestSite.StartAsync();
        var (path, _) = await PasteAsync(site, ("paste", "one"));
        foreach (var to in (string[])[path, "/zzzzzzzzzz"])
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(site, HttpMethod.Post, to, Form(("expires", "1h")), ("X-Token", "wrong"))).StatusCode);
        var (burning, token) = await PasteAsync(site, ("paste", "one"), ("burn", "1"));
        var refused = await SendAsync(site, HttpMethod.Post, burning, Form(("expires", "1h")), ("X-Token", token));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("burnt after reading cannot be edited", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encrypted_paste_needs_no_key_for_it_and_keeps_its_bytes()
    {
        await using var site = await TestSite.StartAsync();
        byte[] envelope = [.. "PstrEnv\n"u8, 1, 0, .. new byte[300]];
        using var form = new MultipartFormDataContent { { new StringContent("v1"), "encrypted" }, { new ByteArrayContent(envelope), "file", "paste.pasteur" } };
        var created = await site.Http.PostAsync("/", form, Cancel);
        var path = new Uri((await created.Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;
        var token = created.Headers.GetValues("X-Token").Single();

        // As a browser without JavaScript sends the page's form.
        var answer = await SendAsync(site, HttpMethod.Post, "/edit" + path, Form(("base", ""), ("hl", ""), ("user", ""), ("comment", ""), ("token", token), ("expires", "7d")), ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(envelope, await site.GetBytesAsync("/raw" + path));
        Assert.Equal("v1", (await ViewAsync(site, path)).GetProperty("encrypted").GetString());
        Assert.NotEqual(JsonValueKind.Null, (await ViewAsync(site, path)).GetProperty("expires").ValueKind);
    }

    [Theory]
    [InlineData(false, "the repository&#x27;s history holds of it until now stays there")]
    [InlineData(true, "the repository&#x27;s history is made again without it")]
    public async Task The_page_offers_it_and_says_what_the_history_keeps(bool isForgotten, string said)
    {
        await using var site = await TestSite.StartAsync(isForgotten ? ["--forget-deleted"] : []);
        var (path, token) = await PasteAsync(site, ("paste", "one\ntwo"));
        var html = await (await site.GetAsync("/edit" + path, "text/html")).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("<option value=\"\">as now: for ever</option>", html, StringComparison.Ordinal);
        Assert.Contains("<option value=\"7d\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"never\"", html, StringComparison.Ordinal);
        Assert.Contains(said, html, StringComparison.Ordinal);

        // As it is sent by a browser: with the text that nobody touched, that is no revision.
        var sent = await SendAsync(site, HttpMethod.Post, "/edit" + path, Form(("next-name", "paste.txt"), ("paste", "one\r\ntwo"), ("hl", ""), ("user", ""), ("comment", ""), ("token", token), ("expires", "7d")), ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        Assert.Equal(1, (await ViewAsync(site, path)).GetProperty("revision").GetInt32());
        html = await (await site.GetAsync("/edit" + path, "text/html")).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("<option value=\"\">as now: until ", html, StringComparison.Ordinal);
        Assert.Contains("value=\"never\"", html, StringComparison.Ordinal);

        // What was chosen is not lost when the token was wrong.
        sent = await SendAsync(site, HttpMethod.Post, "/edit" + path, Form(("next-name", "paste.txt"), ("paste", "one"), ("token", "wrong"), ("expires", "30d")), ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
        Assert.Matches("<option value=\"30d\" selected(=\"[^\"]*\")?>", await sent.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(false, "history keeps it", "forgets it with all that ends", "history keeps it")]
    [InlineData(true, "history of the repository is made again", "history of the repository is made again", "history of the repository is made again")]
    public async Task The_page_that_asks_promises_what_becomes_of_it(bool isForgotten, string ofStaying, string ofEnding, string ofEndedLater)
    {
        await using var site = await TestSite.StartAsync(isForgotten ? ["--forget-deleted"] : []);
        var (stays, token) = await PasteAsync(site, ("paste", "x"));
        var (ends, _) = await PasteAsync(site, ("paste", "x"), ("expires", "1h"));
        var (later, its) = await PasteAsync(site, ("paste", "x"));
        await SendAsync(site, HttpMethod.Post, later, Form(("expires", "1h"), ("token", its)));
        foreach (var (path, said) in ((string, string)[])[(stays, ofStaying), (ends, ofEnding), (later, ofEndedLater)])
            Assert.Contains(said, WebUtility.HtmlDecode(await (await site.GetAsync("/delete" + path, "text/html")).Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);

        // Nor does a refusal say whether there is such a paste, or which.
        var refused = await SendAsync(site, HttpMethod.Post, "/delete" + ends, Form(("token", token)), ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains(ofStaying, WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_after_it_was_given_an_end_its_owner_is_told_that_the_history_keeps_it()
    {
        await using var site = await TestSite.StartAsync();
        var (path, token) = await PasteAsync(site, ("paste", "one"));
        await SendAsync(site, HttpMethod.Post, path, Form(("expires", "1h")), ("X-Token", token));
        var answer = await SendAsync(site, HttpMethod.Delete, path, null, ("X-Token", token));
        Assert.Contains("The repository's history keeps it", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync(path)).StatusCode);
    }

    private static async Task<(string Path, string Token)> PasteAsync(TestSite site, params (string Name, string Value)[] fields)
    {
        var created = await site.PostFormAsync(fields);
        return (new Uri((await created.Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath, created.Headers.GetValues("X-Token").Single());
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static Task<HttpResponseMessage> PutAsync(TestSite site, string path, string json, string token) =>
        SendAsync(site, HttpMethod.Put, "/api/v1/pastes" + path, new StringContent(json, Encoding.UTF8, "application/json"), ("X-Token", token));

    private static async Task<HttpResponseMessage> SendAsync(TestSite site, HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await site.Http.SendAsync(request, Cancel);
    }

    private static async Task<string> OkAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return text;
    }

    private static async Task<JsonElement> ViewAsync(TestSite site, string path) => JsonDocument.Parse(await site.GetTextAsync("/api/v1/pastes" + path)).RootElement;

    private static string EndText(JsonElement view) => view.GetProperty("expires").GetDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset EndOf(HttpResponseMessage answer) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(answer.Headers.GetValues("X-Expires").Single(), System.Globalization.CultureInfo.InvariantCulture));
}
