using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pasteur.Tests.Web;

/// <summary>Pastes that are burnt after reading, as clients see them: by POST alone, once.</summary>
public sealed class BurningTests
{
    private const string Canary = "canary-9e41-nobody-has-read-this";

    private static CancellationToken Cancel => TestSite.Token;

    [Fact]
    public async Task Curl_is_told_how_to_open_it_and_gets_it_once()
    {
        await using var site = await TestSite.StartAsync();
        var path = await site.PasteAsync(Canary, ("burn", "1"));

        var asked = await site.GetAsync(path);
        Assert.Equal(HttpStatusCode.Conflict, asked.StatusCode);
        Assert.Equal($"It can be opened once, and is burnt then. To open it: curl -X POST {site.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}{path}\n", await asked.Content.ReadAsStringAsync(Cancel));

        var opened = await site.Http.PostAsync(path, null, Cancel);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Equal(Canary, await opened.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(("no-store", "0"), (opened.Headers.CacheControl!.ToString(), opened.Headers.GetValues("X-Reads-Left").Single()));
        Assert.Contains("sandbox", opened.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        foreach (var again in (HttpResponseMessage[])[await site.Http.PostAsync(path, null, Cancel), await site.Http.PostAsync("/open" + path, null, Cancel), await site.GetAsync(path), await site.GetAsync("/raw" + path, "text/html")])
        {
            Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
            Assert.Contains("burnt", await again.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_browser_without_JavaScript_opens_it_with_a_button_and_reads_it_on_a_page()
    {
        await using var site = await TestSite.StartAsync();
        var path = await site.PasteAsync(Canary + " <b>", ("reads", "2"), ("user", "Ada"), ("comment", "psst"));

        var page = await (await site.GetAsync(path, "text/html")).Content.ReadAsStringAsync(Cancel);
        Assert.Contains($"<form method=\"post\" action=\"/open{path}\">", page, StringComparison.Ordinal);
        Assert.Contains("It can be opened 2 times", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", page, StringComparison.Ordinal);
        Assert.DoesNotContain("psst", page, StringComparison.Ordinal);

        foreach (var said in (string[])["It can be opened once more.", "It is burnt now."])
        {
            var opened = await PostAsync(site, "/open" + path, "text/html");
            var html = await opened.Content.ReadAsStringAsync(Cancel);
            var text = html.Replace("&#x2B;", "+", StringComparison.Ordinal);
            Assert.Equal((HttpStatusCode.OK, "no-store"), (opened.StatusCode, opened.Headers.CacheControl!.ToString()));
            Assert.Contains(Canary + " &lt;b&gt;", text, StringComparison.Ordinal);
            Assert.Contains(said, text, StringComparison.Ordinal);
            Assert.Contains("data:application/octet-stream;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary + " <b>")), text, StringComparison.Ordinal);
            // Nothing of what would be gone is linked to.
            foreach (var gone in (string[])["/raw/", "?ln=true", "?from=", "/edit/", ".zip", $"\"{path}/"]) Assert.DoesNotContain(gone, text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync(site, "/open" + path, "text/html")).StatusCode);
        var anew = await site.GetAsync("/open" + path);
        Assert.Equal((HttpStatusCode.SeeOther, path), (anew.StatusCode, anew.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task No_address_gives_it_out_by_GET_to_anybody_and_none_burns_it()
    {
        await using var site = await TestSite.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Canary), "file", "canary-name.txt" }, { new StringContent("# " + Canary), "file", "b.md" },
            { new StringContent(Canary), "comment" }, { new StringContent(Canary), "user" }, { new StringContent("1"), "burn" },
        };
        var code = new Uri((await (await site.Http.PostAsync("/", form, Cancel)).Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath[1..];
        var routes = await RoutesTests.RoutesAsync();
        string[] fixedWays =
        [
            $"/{code}?raw=true", $"/{code}?rendered=true", $"/{code}?ln", $"/{code}?hl=c", $"/{code}.zip", $"/{code}.tar", $"/{code}.txt", $"/{code}@1", $"/{code}@1.zip", $"/raw/{code}@1", $"/{code}/canary-name.txt", $"/{code}@1/b.md",
            $"/{code}/b.md?download=true", $"/?from={code}", $"/?from={code}@1", $"/diff/{code}?from=1&to=1", $"/api/v1/pastes/{code}@1", $"/api/v1/pastes/{code}?content=false", $"/raw/{code}.txt", $"/documents/{code}.js",
        ];
        var ways = routes.Where(route => route.StartsWith("GET ", StringComparison.Ordinal))
            .Select(route => route[4..].Replace("{id}", code, StringComparison.Ordinal).Replace("{file}", "canary-name.txt", StringComparison.Ordinal).Replace("{folder}/{name}", "x/y", StringComparison.Ordinal).Replace("{name}", "x", StringComparison.Ordinal))
            .Concat(fixedWays).ToList();
        Assert.True(ways.Count > 35);
        string[] agents = ["Mozilla/5.0 (compatible; Googlebot/2.1)", "facebookexternalhit/1.1", "Slackbot-LinkExpanding 1.0", "WhatsApp/2.23", "Twitterbot/1.0", "curl/8.5", "TelegramBot (like TwitterBot)"];
        foreach (var (way, index) in ways.SelectMany(way => (string?[])[null, "text/html", "application/json"], (way, accept) => (way, accept)).Select((asked, index) => (asked, index)))
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                using var request = new HttpRequestMessage(method, way.way);
                if (way.accept is not null) request.Headers.Accept.ParseAdd(way.accept);
                request.Headers.TryAddWithoutValidation("User-Agent", agents[index % agents.Length]);
                request.Headers.TryAddWithoutValidation("Range", "bytes=0-100");
                request.Headers.TryAddWithoutValidation("If-None-Match", "*");
                request.Headers.TryAddWithoutValidation("Sec-Purpose", "prefetch");
                var answer = await site.Http.SendAsync(request, Cancel);
                var all = $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(Cancel)}";
                Assert.False(all.Contains("canary", StringComparison.OrdinalIgnoreCase) && !way.way.Contains("canary", StringComparison.Ordinal), $"{method} {way}: {all}");
                Assert.DoesNotContain(Canary, all, StringComparison.Ordinal);
                if (way.way.Contains(code, StringComparison.Ordinal) && !way.way.StartsWith("/report", StringComparison.Ordinal) && !way.way.StartsWith("/delete", StringComparison.Ordinal) && !way.way.StartsWith("/?", StringComparison.Ordinal))
                    Assert.Equal((way, "no-store"), (way, answer.Headers.CacheControl?.ToString()));
            }
        }
        var opened = await site.Http.PostAsync($"/{code}", null, Cancel);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        using var json = JsonDocument.Parse(await opened.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(["canary-name.txt", "b.md"], json.RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        foreach (var (way, accept) in ways.SelectMany(way => (string?[])[null, "text/html"], (way, accept) => (way, accept)))
            Assert.DoesNotContain(Canary, await (await site.GetAsync(way, accept)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_open_it_as_JSON_and_are_told_what_is_left()
    {
        await using var site = await TestSite.StartAsync();
        var made = await site.Http.PostAsJsonAsync("/api/v1/pastes", new { files = new[] { new { name = "a.txt", content = Canary } }, reads = 2, comment = Canary }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var told = await made.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain(Canary, told, StringComparison.Ordinal);
        using var view = JsonDocument.Parse(told);
        Assert.Equal((2, 2), (view.RootElement.GetProperty("reads").GetInt32(), view.RootElement.GetProperty("readsLeft").GetInt32()));
        Assert.True(view.RootElement.TryGetProperty("token", out _));
        var code = view.RootElement.GetProperty("code").GetString();

        foreach (var left in (int[])[1, 0])
        {
            using var info = JsonDocument.Parse(await (await site.GetAsync($"/api/v1/pastes/{code}")).Content.ReadAsStringAsync(Cancel));
            Assert.Equal(left + 1, info.RootElement.GetProperty("readsLeft").GetInt32());
            var opened = await site.Http.PostAsync($"/api/v1/pastes/{code}/open", null, Cancel);
            using var json = JsonDocument.Parse(await opened.Content.ReadAsStringAsync(Cancel));
            Assert.Equal((Canary, left), (json.RootElement.GetProperty("files")[0].GetProperty("content").GetString(), json.RootElement.GetProperty("readsLeft").GetInt32()));
        }
        var burnt = await PostAsync(site, $"/api/v1/pastes/{code}/open", "application/json");
        Assert.Equal((HttpStatusCode.Gone, "application/problem+json"), (burnt.StatusCode, burnt.Content.Headers.ContentType!.MediaType));
        Assert.Equal(HttpStatusCode.Gone, (await site.GetAsync($"/api/v1/pastes/{code}")).StatusCode);
    }

    [Fact]
    public async Task An_encrypted_one_is_handed_out_against_the_proof_alone()
    {
        await using var site = await TestSite.StartAsync();
        var proof = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(proof)));
        var envelope = (byte[])[.. "PstrEnv\n"u8, 1, 0, .. RandomNumberGenerator.GetBytes(300)];
        using var without = Form(envelope, null);
        var refused = await site.Http.PostAsync("/", without, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("proof-hash", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using var with = Form(envelope, hash);
        var path = new Uri((await (await site.Http.PostAsync("/", with, Cancel)).Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;

        foreach (var attempt in (Func<Task<HttpResponseMessage>>[])
        [
            () => site.Http.PostAsync(path, null, Cancel),
            () => site.Http.PostAsync("/open" + path, null, Cancel),
            () => OpenAsync(hash), () => OpenAsync(new string('0', 64)), () => OpenAsync(proof[..62]),
            () => site.Http.PostAsJsonAsync($"/api/v1/pastes{path}/open", new { proof = hash }, Cancel),
        ])
        {
            var answer = await attempt();
            Assert.Equal((HttpStatusCode.Forbidden, "no-store"), (answer.StatusCode, answer.Headers.CacheControl!.ToString()));
        }
        // A page could not show it: nothing is burnt for one.
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(site, "/open" + path, "text/html", ("proof", proof))).StatusCode);
        var page = await (await site.GetAsync(path, "text/html")).Content.ReadAsStringAsync(Cancel);
        Assert.Contains($"data-open=\"/open{path}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(hash, page, StringComparison.Ordinal);

        var opened = await OpenAsync(proof);
        Assert.Equal(envelope, await opened.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(HttpStatusCode.Gone, (await OpenAsync(proof)).StatusCode);

        Task<HttpResponseMessage> OpenAsync(string given) => site.Http.PostAsync("/open" + path, new FormUrlEncodedContent([KeyValuePair.Create("proof", given)]), Cancel);
    }

    [Fact]
    public async Task Wrong_proofs_are_misses_and_questions_of_previews_are_not()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1", "--limit-misses", "4/1h");
        using var form = Form([.. "PstrEnv\n"u8, 1, 0, .. RandomNumberGenerator.GetBytes(300)], Convert.ToHexStringLower(SHA256.HashData(new byte[32])));
        var path = new Uri((await (await site.Http.PostAsync("/", form, Cancel)).Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;
        for (var n = 0; n < 20; n++) Assert.Equal(HttpStatusCode.Conflict, (await site.GetAsync("/raw" + path, null, ("X-Forwarded-For", "203.0.113.77"))).StatusCode);
        for (var n = 0; n < 4; n++) Assert.Equal(HttpStatusCode.Forbidden, (await GuessAsync("203.0.113.77", "12")).StatusCode);
        // Also the right one: whoever guesses does not learn it so.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GuessAsync("203.0.113.77", new string('0', 64))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GuessAsync("198.51.100.7", new string('0', 64))).StatusCode);

        async Task<HttpResponseMessage> GuessAsync(string client, string proof)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/open" + path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("proof", proof)]) };
            request.Headers.Add("X-Forwarded-For", client);
            return await site.Http.SendAsync(request, Cancel);
        }
    }

    [Fact]
    public async Task Another_site_burns_nothing_in_its_visitors_name()
    {
        await using var site = await TestSite.StartAsync();
        var path = await site.PasteAsync(Canary, ("burn", "1"));
        foreach (var (name, value) in ((string, string)[])[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://elsewhere.example")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/open" + path);
            request.Headers.TryAddWithoutValidation(name, value);
            Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.SendAsync(request, Cancel)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.OK, (await site.Http.PostAsync(path, null, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("reads", "0", "a number from 1 to 100")]
    [InlineData("reads", "101", "a number from 1 to 100")]
    [InlineData("reads", "-1", "a number from 1 to 100")]
    [InlineData("reads", "many", "a number from 1 to 100")]
    public async Task What_cannot_be_is_one_clear_line(string field, string value, string said)
    {
        await using var site = await TestSite.StartAsync();
        var answer = await site.PostFormAsync(("paste", "x"), (field, value));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var line = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.Single(line.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("", "", 30.0)]
    [InlineData("never", "", 30.0)]
    [InlineData("1h", "", 1 / 24.0)]
    [InlineData("", "--default-expiry 2d", 2.0)]
    [InlineData("never", "--max-expiry 60d", 60.0)]
    public async Task It_ends_also_when_nobody_opens_it(string expires, string options, double days)
    {
        await using var site = await TestSite.StartAsync(options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var answer = await site.PostFormAsync(("paste", "x"), ("burn", "1"), ("expires", expires));
        var end = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(answer.Headers.GetValues("X-Expires").Single(), CultureInfo.InvariantCulture));
        Assert.InRange((end - DateTimeOffset.UtcNow).TotalDays, days - 0.001, days + 0.001);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.PostFormAsync(("paste", "x"), ("burn", "1"), ("expires", "61d"))).StatusCode);
        var page = await (await site.GetAsync("/", "text/html")).Content.ReadAsStringAsync(Cancel);
        Assert.Contains($"once, then burnt ({(options.Contains("60d", StringComparison.Ordinal) ? 60 : 30)} days at most)", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_owner_deletes_it_unread_and_may_not_edit_it()
    {
        await using var site = await TestSite.StartAsync();
        var created = await site.PostFormAsync(("paste", Canary), ("burn", "on"));
        var path = new Uri((await created.Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;
        var token = created.Headers.GetValues("X-Token").Single();
        var edited = await site.Http.PostAsync(path, new FormUrlEncodedContent([KeyValuePair.Create("paste", "other"), KeyValuePair.Create("token", token)]), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, edited.StatusCode);
        Assert.Contains("cannot be edited", await edited.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await site.GetAsync("/edit" + path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/delete" + path)).StatusCode);
        var deleted = await site.Http.PostAsync("/delete" + path, new FormUrlEncodedContent([KeyValuePair.Create("token", token)]), Cancel);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Http.PostAsync(path, null, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Who_opens_what_does_not_burn_or_is_not_there_is_told_so()
    {
        await using var site = await TestSite.StartAsync();
        var stays = await site.PasteAsync("stays");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await site.Http.PostAsync(stays, null, Cancel)).StatusCode);
        Assert.Equal("stays", await site.GetTextAsync("/raw" + stays));
        Assert.Equal(HttpStatusCode.NotFound, (await site.Http.PostAsync("/0123456789", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Http.PostAsync("/open/..%2f..%2fetc", null, Cancel)).StatusCode);
        using var wrong = new StringContent("[]", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await site.Http.PostAsync("/api/v1/pastes/0123456789/open", wrong, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_picture_is_shown_on_the_page_that_opens_it()
    {
        await using var site = await TestSite.StartAsync();
        var picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(picture), "file", "dot.png" }, { new StringContent("1"), "burn" } };
        var path = new Uri((await (await site.Http.PostAsync("/", form, Cancel)).Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;
        var opened = await PostAsync(site, "/open" + path, "text/html");
        Assert.Contains("<img src=\"data:image/png;base64,", await opened.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("img-src 'self' blob: data:;", opened.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(TestSite site, string path, string accept, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (fields.Length > 0) request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        request.Headers.Accept.ParseAdd(accept);
        return await site.Http.SendAsync(request, Cancel);
    }

    private static MultipartFormDataContent Form(byte[] envelope, string? hash)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(envelope), "file", "paste.pasteur" }, { new StringContent("v1"), "encrypted" }, { new StringContent("1"), "burn" } };
        if (hash is not null) form.Add(new StringContent(hash), "proof-hash");
        return form;
    }
}
