using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Pasteur.Tests.Web;

/// <summary>Tokens, edits, deletions and revisions as clients see them.</summary>
public sealed class OwningTests : IAsyncLifetime
{
    private TestSite _site = null!;

    private static CancellationToken Cancel => TestSite.Token;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Every_way_to_paste_tells_a_token_and_no_way_to_read_does()
    {
        using var bare = new StringContent("x");
        using var haste = new StringContent("x");
        using var json = new StringContent("""{"files":[{"content":"x"}]}""", Encoding.UTF8, "application/json");
        HttpResponseMessage[] answers =
        [
            await _site.PostFormAsync(("paste", "x")),
            await _site.Http.PutAsync("/a.txt", bare, Cancel),
            await _site.Http.PostAsync("/documents", haste, Cancel),
            await _site.Http.PostAsync("/api/v1/pastes", json, Cancel),
            await _site.Http.PostAsync("/api/create", new FormUrlEncodedContent([new("content", "x")]), Cancel),
        ];
        Assert.All(answers, answer => Assert.Matches("^[0-9a-z]{26}$", Assert.Single(answer.Headers.GetValues("X-Token"))));
        var tokens = answers.Select(answer => answer.Headers.GetValues("X-Token").Single()).ToList();
        Assert.Equal(answers.Length, tokens.Distinct().Count());

        var path = new Uri((await answers[0].Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;
        foreach (var reading in new[] { path, "/raw" + path, "/api/v1/pastes" + path, "/revisions" + path, "/edit" + path, "/delete" + path, "/diff" + path })
        {
            var answer = await _site.GetAsync(reading);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotContain(tokens[0], answer + await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_repository_holds_the_hash_and_not_the_token()
    {
        using var folder = new Support.TemporaryFolder();
        string token;
        await using (var site = await TestSite.StartAsync("--data", folder["data"]))
            token = (await site.PostFormAsync(("paste", "x"))).Headers.GetValues("X-Token").Single();

        var repository = Directory.GetDirectories(folder["data"], "objects", SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!).First();
        var all = Support.StockGit.Run(repository, "log", "-p", "--all", "--root");
        Assert.DoesNotContain(token, all, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(token))), all, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder["data"], "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(token, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancel)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task A_wrong_token_is_answered_the_same_for_what_there_is_and_what_there_is_not(string accept)
    {
        var (path, _) = await PasteAsync("x");
        foreach (var (method, prefix) in new[] { ("POST", "/edit"), ("POST", "/delete"), ("POST", ""), ("DELETE", ""), ("DELETE", "/api/v1/pastes"), ("PUT", "/api/v1/pastes") })
        {
            var there = await AskAsync(method, prefix + path);
            var nowhere = await AskAsync(method, prefix + "/zzzzzzzzzz");
            Assert.Equal(HttpStatusCode.Forbidden, there.Status);
            Assert.Equal(there.Status, nowhere.Status);
            Assert.Equal(there.Headers, nowhere.Headers);
            Assert.Equal(there.Body.Replace(path[1..], "ID", StringComparison.Ordinal), nowhere.Body.Replace("zzzzzzzzzz", "ID", StringComparison.Ordinal));
        }
        Assert.Equal("x", await _site.GetTextAsync("/raw" + path));

        async Task<(HttpStatusCode Status, string Headers, string Body)> AskAsync(string method, string at)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), at);
            request.Headers.Accept.ParseAdd(accept);
            request.Headers.Add("X-Token", "00000000000000000000000000");
            if (method == "PUT") request.Content = new StringContent("""{"files":[{"content":"y"}]}""", Encoding.UTF8, "application/json");
            else if (method == "POST") request.Content = new FormUrlEncodedContent([new("paste", "y")]);
            var answer = await _site.Http.SendAsync(request, Cancel);
            answer.Headers.Date = null;
            return (answer.StatusCode, answer.Headers.ToString(), await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Fact]
    public async Task An_edit_by_form_leads_back_to_the_page_and_the_old_text_stays_under_its_number()
    {
        var (path, token) = await PasteAsync("one\ntwo\nthree\n");

        var answer = await EditAsync(path, "text/html", ("token", token), ("paste", "one\r\n2\r\nthree\r\n"), ("user", "Ada"), ("comment", "shorter"));

        Assert.Equal((HttpStatusCode.SeeOther, path), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.Equal("one\n2\nthree\n", await _site.GetTextAsync("/raw" + path));
        Assert.Equal("one\ntwo\nthree\n", await _site.GetTextAsync($"/raw{path}@1"));
        Assert.Equal("one\n2\nthree\n", await _site.GetTextAsync($"/raw{path}@2"));
        Assert.Equal("one\ntwo\nthree\n", await _site.GetTextAsync($"{path}@1/paste.txt"));
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync($"{path}@1.zip")).StatusCode);
        Assert.Contains("This is revision 1 of 2.", await _site.GetTextAsync($"{path}@1"), StringComparison.Ordinal);
        Assert.Contains("2 revisions", await _site.GetTextAsync(path), StringComparison.Ordinal);
        foreach (var missing in new[] { "@0", "@3", "@", "@x", "@-1", "@99999999999", "@1@1", "@+1" })
            Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync(path + missing)).StatusCode);

        var list = await _site.GetTextAsync("/revisions" + path);
        Assert.Contains("shorter", list, StringComparison.Ordinal);
        Assert.Contains("Ada", list, StringComparison.Ordinal);
        var json = await _site.Http.GetFromJsonAsync<JsonElement>($"/api/v1/pastes{path}/revisions", Cancel);
        Assert.Equal([2, 1], json.GetProperty("revisions").EnumerateArray().Select(revision => revision.GetProperty("revision").GetInt32()));
        Assert.Equal("shorter", json.GetProperty("revisions")[0].GetProperty("comment").GetString());
        Assert.Equal("one\ntwo\nthree\n", (await _site.Http.GetFromJsonAsync<JsonElement>($"/api/v1/pastes{path}@1", Cancel)).GetProperty("files")[0].GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("side")]
    [InlineData("unified")]
    public async Task Two_revisions_are_compared_and_what_stands_in_them_is_text(string view)
    {
        var (path, token) = await PasteAsync("same\n<script>alert(1)</script>\n\u202Eturned\nend");
        await EditAsync(path, "text/plain", ("token", token), ("paste", "same\n<img src=x onerror=alert(2)>\nend"));

        var page = await _site.GetTextAsync($"/diff{path}?from=1&to=2&view={view}");

        Assert.Contains("<del>&lt;script&gt;alert(1)&lt;/script&gt;</del>", page, StringComparison.Ordinal);
        Assert.Contains("<ins>&lt;img src=x onerror=alert(2)&gt;</ins>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>\u202E</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("&#x2B;1 −2 lines", page, StringComparison.Ordinal);
        var back = await _site.GetTextAsync($"/diff{path}?from=2&to=1&view={view}");
        Assert.Contains("<ins>&lt;script&gt;", back, StringComparison.Ordinal);
        Assert.Contains("The files are the same.", await _site.GetTextAsync($"/diff{path}?from=2&to=2"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync($"/diff{path}?from=1&to=9")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync("/diff/zzzzzzzzzz")).StatusCode);
    }

    [Fact]
    public async Task A_stale_edit_is_a_conflict_that_shows_both()
    {
        var (path, token) = await PasteAsync("one");
        var tag = (await _site.Http.GetFromJsonAsync<JsonElement>("/api/v1/pastes" + path, Cancel)).GetProperty("tag").GetString()!;
        await EditAsync(path, "text/plain", ("token", token), ("paste", "theirs"));

        var page = await EditAsync(path, "text/html", ("token", token), ("base", tag), ("next-name", "paste.txt"), ("paste", "mine & more"));
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.Conflict, page.StatusCode);
        Assert.Contains("mine &amp; more</textarea>", html, StringComparison.Ordinal);
        Assert.Contains("<del>theirs</del>", html, StringComparison.Ordinal);
        Assert.Contains("<ins>mine &amp; more</ins>", html, StringComparison.Ordinal);
        Assert.DoesNotContain(token, html, StringComparison.Ordinal);

        var json = await EditAsync(path, "application/json", ("token", token), ("base", tag), ("paste", "mine"));
        Assert.Equal(HttpStatusCode.Conflict, json.StatusCode);
        Assert.Equal("theirs", (await json.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("current").GetProperty("files")[0].GetProperty("content").GetString());
        var line = await EditAsync(path, "text/plain", ("token", token), ("base", tag), ("paste", "mine"));
        Assert.Equal(HttpStatusCode.Conflict, line.StatusCode);
        Assert.Contains("revision 2 now", await line.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("theirs", await _site.GetTextAsync("/raw" + path));

        // The page's form has what is there now as its base: saved once more, it goes on top.
        var now = System.Text.RegularExpressions.Regex.Match(html, "name=\"base\" value=\"([0-9a-f]{40})\"").Groups[1].Value;
        Assert.Equal(HttpStatusCode.SeeOther, (await EditAsync(path, "text/html", ("token", token), ("base", now), ("next-name", "paste.txt"), ("paste", "mine & more"))).StatusCode);
        Assert.Equal("mine & more", await _site.GetTextAsync("/raw" + path));
        Assert.Equal("theirs", await _site.GetTextAsync($"/raw{path}@2"));
    }

    [Fact]
    public async Task A_browser_whose_token_is_wrong_keeps_its_text()
    {
        var (path, _) = await PasteAsync("one");

        var answer = await EditAsync(path, "text/html", ("token", "wrong"), ("next-name", "a.txt"), ("paste", "long work"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("long work</textarea>", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var tooMuch = await EditAsync(path, "text/html", ("token", "wrong"), ("user", new string('u', 101)), ("paste", "long work"));
        Assert.Equal(HttpStatusCode.BadRequest, tooMuch.StatusCode);
        Assert.Contains("long work</textarea>", await tooMuch.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    // A text area makes them all line feeds, and the browser sends each of those as "\r\n".
    [Theory]
    [InlineData("one\r\ntwo\r\n", "one\r\n2\r\n", "one\r\n2\r\n")]
    [InlineData("one\ntwo\n", "one\r\n2\r\n", "one\n2\n")]
    [InlineData("one\r\ntwo\rthree\n", "one\r\n2\r\nthree\r\n", "one\n2\nthree\n")]
    [InlineData("one\r\ntwo\rthree\n", "one\r\ntwo\r\nthree\r\n", "one\r\ntwo\rthree\n")]
    [InlineData("one", "one\r\ntwo", "one\ntwo")]
    public async Task An_edit_in_a_browser_leaves_the_ends_of_lines_as_they_were(string was, string sent, string expected)
    {
        var made = await _site.Http.PostAsync("/", Multipart(("a.txt", Encoding.UTF8.GetBytes(was)), ("core", [0, 1])), Cancel);
        var path = new Uri((await made.Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;

        var answer = await EditAsync(path, "text/html", ("token", made.Headers.GetValues("X-Token").Single()), ("next-name", "a.txt"), ("paste", sent), ("keep", "core"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(Encoding.UTF8.GetBytes(expected), await _site.Http.GetByteArrayAsync("/raw" + path, Cancel));
    }

    [Fact]
    public async Task What_is_sent_by_curl_has_the_ends_of_lines_that_were_sent()
    {
        var (path, token) = await PasteAsync("one\r\ntwo\r\n");

        Assert.Equal(HttpStatusCode.OK, (await EditAsync(path, "*/*", ("token", token), ("paste", "one\ntwo\n"))).StatusCode);
        Assert.Equal("one\ntwo\n"u8.ToArray(), await _site.Http.GetByteArrayAsync("/raw" + path, Cancel));
    }

    [Fact]
    public async Task Several_files_are_edited_by_name_and_others_are_kept()
    {
        var made = await _site.Http.PostAsync("/", Multipart(("a.c", "int a;\n"u8.ToArray()), ("core", [0, 1]), ("b.c", "int b;\n"u8.ToArray())), Cancel);
        var path = new Uri((await made.Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath;
        var token = made.Headers.GetValues("X-Token").Single();

        var page = await _site.GetTextAsync("/edit" + path);
        Assert.Contains("int a;\n</textarea>", page, StringComparison.Ordinal);
        Assert.Contains("name=\"keep\" value=\"core\" checked", page, StringComparison.Ordinal);
        var answer = await EditAsync(path, "text/html", ("token", token), ("next-name", "a.c"), ("paste", "int a = 1;\n"), ("next-name", "b.c"), ("paste", ""), ("keep", "core"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var files = (await _site.Http.GetFromJsonAsync<JsonElement>("/api/v1/pastes" + path, Cancel)).GetProperty("files");
        Assert.Equal(["a.c", "core"], files.EnumerateArray().Select(file => file.GetProperty("name").GetString()!));
        Assert.Contains("removed", await _site.GetTextAsync("/diff" + path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE", "", "text/plain")]
    [InlineData("DELETE", "/api/v1/pastes", "application/json")]
    [InlineData("POST", "/delete", "text/html")]
    [InlineData("POST", "", "text/plain")]
    public async Task A_deleted_paste_is_gone_everywhere_and_its_owner_is_told_what_keeps_it(string method, string prefix, string accept)
    {
        var (path, token) = await PasteAsync("canary");
        await EditAsync(path, "text/plain", ("token", token), ("paste", "canary 2"));
        string[] places = ["", "@1", "/paste.txt", ".zip"];
        string[] all = [.. places.Select(place => path + place), "/raw" + path, $"/raw{path}@1", "/revisions" + path, "/diff" + path, "/edit" + path, "/delete" + path, "/api/v1/pastes" + path, "/documents" + path];
        foreach (var place in all) Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync(place)).StatusCode);

        using var request = new HttpRequestMessage(new HttpMethod(method), prefix + path);
        request.Headers.Accept.ParseAdd(accept);
        if (method == "POST") request.Content = new FormUrlEncodedContent([new("token", token), new("delete", "")]);
        else request.Headers.Add("X-Token", token);
        var answer = await _site.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("history keeps it", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        foreach (var place in all) Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync(place)).StatusCode);
        Assert.StartsWith("canary", await (await _site.GetAsync("/raw" + (await PasteAsync("canary 3")).Path)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_sites_page_can_neither_edit_nor_delete()
    {
        var (path, token) = await PasteAsync("x");
        foreach (var (method, at) in new[] { ("POST", "/edit" + path), ("POST", "/delete" + path), ("POST", path), ("DELETE", path), ("PUT", "/api/v1/pastes" + path), ("DELETE", "/api/v1/pastes" + path) })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), at) { Content = new FormUrlEncodedContent([new("token", token), new("paste", "evil")]) };
            request.Headers.Add("X-Token", token);
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
            Assert.Equal(HttpStatusCode.Forbidden, (await _site.Http.SendAsync(request, Cancel)).StatusCode);
        }
        Assert.Equal("x", await _site.GetTextAsync("/raw" + path));
    }

    [Fact]
    public async Task Reading_never_changes_anything()
    {
        var (path, token) = await PasteAsync("x");
        foreach (var at in new[] { $"/delete{path}?token={token}", $"/edit{path}?token={token}&paste=evil", $"{path}?token={token}&delete=" })
            Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync(at)).StatusCode);
        Assert.Equal("x", await _site.GetTextAsync("/raw" + path));
    }

    [Fact]
    public async Task A_paste_without_anything_in_it_is_not_made_by_fields_of_edits()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostFormAsync(("keep", "a"), ("delete", ""))).StatusCode);
        var (path, token) = await PasteAsync("x");
        Assert.Equal(HttpStatusCode.BadRequest, (await EditAsync(path, "text/plain", ("token", token))).StatusCode);
    }

    [Fact]
    public async Task Used_as_new_a_paste_is_named_by_the_new_one()
    {
        var (path, _) = await PasteAsync("x");
        Assert.Contains($"name=\"origin\" value=\"{path[1..]}\"", await _site.GetTextAsync("/?from=" + path[1..]), StringComparison.Ordinal);
        Assert.Contains("name=\"origin\"", await _site.GetTextAsync("/"), StringComparison.Ordinal);

        var copy = await _site.PasteAsync("y", ("origin", path[1..]));

        Assert.Contains($"made from <a href=\"{path}\">{path[1..]}</a>", await _site.GetTextAsync(copy), StringComparison.Ordinal);
        Assert.DoesNotContain("made from", await _site.GetTextAsync(await _site.PasteAsync("z", ("origin", "\"><b>"))), StringComparison.Ordinal);
        Assert.DoesNotContain("made from", await _site.GetTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_without_JavaScript_is_shown_the_token_on_a_page_that_nobody_keeps()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new FormUrlEncodedContent([new("paste", "x"), new("show-token", "true")]) };
        request.Headers.Accept.ParseAdd("text/html");

        var answer = await _site.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(answer.Headers.GetValues("X-Token").Single(), await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    private async Task<(string Path, string Token)> PasteAsync(string text)
    {
        var answer = await _site.PostFormAsync(("paste", text));
        return (new Uri((await answer.Content.ReadAsStringAsync(Cancel)).Trim()).AbsolutePath, answer.Headers.GetValues("X-Token").Single());
    }

    private async Task<HttpResponseMessage> EditAsync(string path, string accept, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/edit" + path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Accept.ParseAdd(accept);
        return await _site.Http.SendAsync(request, Cancel);
    }

    private static MultipartFormDataContent Multipart(params (string Name, byte[] Content)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, content) in files) form.Add(new ByteArrayContent(content), "file", name);
        return form;
    }
}
