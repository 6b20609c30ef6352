using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Pasteur.Tests.Web;

public sealed class PastingTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync("--max-size", "64KiB");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_shell_is_answered_with_the_address_on_a_line()
    {
        var response = await _site.PostFormAsync(("paste", "hello"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var line = await response.Content.ReadAsStringAsync(TestSite.Token);
        Assert.Matches($"^{_site.Http.BaseAddress}[0-9a-z]{{10}}\n$", line);
        Assert.Equal("hello", await _site.GetTextAsync("/raw" + new Uri(line.TrimEnd()).AbsolutePath));
    }

    [Fact]
    public async Task A_browser_is_sent_to_the_page()
    {
        using var request = Form(("paste", "hello"), ("ln", "true"));
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");

        var response = await _site.Http.SendAsync(request, TestSite.Token);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Matches(@"^/[0-9a-z]{10}\?ln=true$", response.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync(response.Headers.Location.OriginalString)).StatusCode);
    }

    [Fact]
    public async Task A_program_is_answered_with_JSON()
    {
        using var request = Form(("paste", "let x = 1"), ("hl", "ml"), ("raw", "true"));
        request.Headers.Accept.ParseAdd("application/json");

        var response = await _site.Http.SendAsync(request, TestSite.Token);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var json = await response.Content.ReadFromJsonAsync<JsonElement>(TestSite.Token);
        var code = json.GetProperty("code").GetString()!;
        Assert.Equal($"{_site.Http.BaseAddress}{code}?raw=true", json.GetProperty("url").GetString());
        Assert.Equal("ocaml", json.GetProperty("hl").GetString());
        Assert.False(json.GetProperty("ln").GetBoolean());
        Assert.True(json.GetProperty("raw").GetBoolean());
        Assert.Equal("/" + code, response.Headers.Location!.OriginalString);
        Assert.Equal("let x = 1", await _site.GetTextAsync($"/{code}?raw=true"));
    }

    [Theory]
    [InlineData("paste")]
    [InlineData("content")]
    [InlineData("sprunge")]
    [InlineData("f:1")]
    [InlineData("file")]
    [InlineData("c")]
    [InlineData("text")]
    public async Task The_field_names_of_known_clients_are_taken_in_both_encodings(string name)
    {
        var urlEncoded = await _site.PostFormAsync((name, "hello"));
        using var form = new MultipartFormDataContent { { new StringContent("hello"), name } };
        var multipart = await _site.Http.PostAsync("/", form, TestSite.Token);

        foreach (var response in new[] { urlEncoded, multipart })
            Assert.Equal("hello", await _site.GetTextAsync("/raw" + await PathOfAsync(response)));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencodedish")]
    [InlineData(null)]
    public async Task A_bare_body_is_the_text_whatever_its_type(string? contentType)
    {
        var bytes = "key = value & more\n%41+%C3\r\n\0"u8.ToArray();
        using var content = new ByteArrayContent(bytes);
        if (contentType is not null) content.Headers.ContentType = new MediaTypeHeaderValue(contentType);

        var response = await _site.Http.PostAsync("/", content, TestSite.Token);

        Assert.Equal(bytes, await _site.GetBytesAsync("/raw" + await PathOfAsync(response)));
    }

    [Fact]
    public async Task Every_byte_comes_back_by_every_way_in()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).Concat("é\r\n\n\r"u8.ToArray()).ToArray();

        var put = await _site.Http.PutAsync("/all.bin", new ByteArrayContent(bytes), TestSite.Token);
        var file = await _site.PasteFilesAsync(("all.bin", bytes));
        using var form = new ByteArrayContent([.. "paste="u8, .. WebUtility.UrlEncodeToBytes(bytes, 0, bytes.Length)]);
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        var field = await _site.Http.PostAsync("/", form, TestSite.Token);
        var json = await _site.Http.PostAsJsonAsync("/api/v1/pastes", new { files = new[] { new { name = "all.bin", base64 = Convert.ToBase64String(bytes) } } }, TestSite.Token);

        string[] paths = [await PathOfAsync(put), file, await PathOfAsync(field), json.Headers.Location!.OriginalString["/api/v1/pastes".Length..]];
        foreach (var path in paths) Assert.Equal(bytes, await _site.GetBytesAsync("/raw" + path));
    }

    [Fact]
    public async Task A_browsers_text_area_keeps_the_line_ends_that_were_typed_and_its_files_keep_theirs()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("one\r\ntwo\r\n"), "paste" },
            { new StringContent("three\r\nfour\r\n"), "file", "dos.txt" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = form };
        request.Headers.Accept.ParseAdd("text/html");

        var path = (await _site.Http.SendAsync(request, TestSite.Token)).Headers.Location!.OriginalString;

        Assert.Equal("one\ntwo\n", await _site.GetTextAsync($"{path}/paste.txt"));
        Assert.Equal("three\r\nfour\r\n", await _site.GetTextAsync($"{path}/dos.txt"));
    }

    [Fact]
    public async Task PUT_takes_the_files_name_and_options_from_the_address()
    {
        var response = await _site.Http.PutAsync("/store.ml?comment=first%20light&user=Ada&ln", new StringContent("let x = 1"), TestSite.Token);

        var line = (await response.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd();
        Assert.EndsWith("?ln=true", line, StringComparison.Ordinal);
        var page = await _site.GetTextAsync(new Uri(line).PathAndQuery);
        Assert.Contains(">store.ml<", page, StringComparison.Ordinal);
        Assert.Contains("first light", page, StringComparison.Ordinal);
        Assert.Contains("Ada", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_never_holds_what_is_pasted()
    {
        var response = await _site.Http.PostAsync("/?paste=from-the-address", new StringContent("from the body"), TestSite.Token);

        Assert.Equal("from the body", await _site.GetTextAsync("/raw" + await PathOfAsync(response)));
    }

    [Fact]
    public async Task Several_files_make_one_paste()
    {
        var path = await _site.PasteFilesAsync(("a.c", "int a;"u8.ToArray()), ("a.h", "extern int a;"u8.ToArray()), ("a.c", "again"u8.ToArray()));

        Assert.Equal("int a;", await _site.GetTextAsync($"{path}/a.c"));
        Assert.Equal("extern int a;", await _site.GetTextAsync($"{path}/a.h"));
        Assert.Equal("again", await _site.GetTextAsync($"{path}/a-2.c"));
        Assert.Equal("int a;", await _site.GetTextAsync($"/raw{path}"));
        Assert.Contains("3 files", await _site.GetTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pastebinit_is_redirected_whatever_it_accepts()
    {
        var response = await _site.Http.PostAsync(
            "/api/create",
            new FormUrlEncodedContent([new("content", "hello"), new("title", "notes.md"), new("syntax", "text"), new("poster", "Ada")]),
            TestSite.Token);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("hello", await _site.GetTextAsync($"{response.Headers.Location!.OriginalString}/notes.md"));
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData((64 * 1024) + 1, false)]
    public async Task A_paste_of_the_greatest_size_is_taken_and_a_byte_more_is_not(int bytes, bool isTaken)
    {
        var text = new string('%', bytes);
        var status = isTaken ? HttpStatusCode.OK : HttpStatusCode.RequestEntityTooLarge;

        Assert.Equal(status, (await _site.PostFormAsync(("paste", text))).StatusCode);
        Assert.Equal(status, (await _site.Http.PutAsync("/", new StringContent(text), TestSite.Token)).StatusCode);
        using var form = new MultipartFormDataContent { { new StringContent(text), "file", "a" } };
        Assert.Equal(status, (await _site.Http.PostAsync("/", form, TestSite.Token)).StatusCode);
        using var halves = new MultipartFormDataContent { { new StringContent(text[..1000]), "file", "a" }, { new StringContent(text[1000..]), "file", "b" } };
        Assert.Equal(status, (await _site.Http.PostAsync("/", halves, TestSite.Token)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("paste=")]
    [InlineData("paste=&user=Ada")]
    public async Task Nothing_is_not_pasted(string body)
    {
        var response = await _site.Http.PostAsync("/", new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"), TestSite.Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("There is nothing to paste: the text is empty.\n", await response.Content.ReadAsStringAsync(TestSite.Token));
    }

    private static HttpRequestMessage Form(params (string Name, string Value)[] fields) => new(HttpMethod.Post, "/")
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    };

    private static async Task<string> PathOfAsync(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.SeeOther) return response.Headers.Location!.OriginalString;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new Uri((await response.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd('\n')).AbsolutePath;
    }
}
