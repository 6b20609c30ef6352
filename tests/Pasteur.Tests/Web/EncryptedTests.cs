using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pasteur.Envelopes;

namespace Pasteur.Tests.Web;

/// <summary>What the site does with pastes that it cannot read. It never looks beyond their first nine bytes, and neither do these.</summary>
public sealed class EncryptedTests : IAsyncLifetime
{
    private static readonly byte[] SomeEnvelope = [.. "PstrEnv\n"u8, 1, 0, .. Enumerable.Range(0, 300).Select(i => (byte)i)];

    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync("--max-size", "2KiB");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task An_envelope_is_kept_byte_for_byte_and_its_page_shows_nothing_of_it()
    {
        var answer = await PostAsync("v1", ("user", "Ada"), ("comment", "first light"), ("hl", "ocaml"), ("filename", "canary.txt"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var path = answer.Headers.Location!.OriginalString;
        Assert.Equal(SomeEnvelope, await _site.GetBytesAsync("/raw" + path));
        Assert.Equal(SomeEnvelope, await _site.GetBytesAsync(path + "/" + EnvelopeMark.FileName));
        var page = await _site.GetTextAsync(path);
        Assert.Contains("This paste is encrypted", page, StringComparison.Ordinal);
        Assert.Contains("Ada", page, StringComparison.Ordinal);
        Assert.Contains("first light", page, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page, StringComparison.Ordinal);
        Assert.Equal(page, await _site.GetTextAsync(path + "?ln=true"));
    }

    [Fact]
    public async Task JSON_brings_envelopes_and_tells_them_from_other_pastes()
    {
        var made = await _site.Http.PostAsJsonAsync(
            "/api/v1/pastes",
            new { encrypted = "v1", language = "ocaml", files = new[] { new { name = "canary.txt", base64 = Convert.ToBase64String(SomeEnvelope) } } },
            TestSite.Token);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var paste = await made.Content.ReadFromJsonAsync<JsonElement>(TestSite.Token);
        Assert.Equal("v1", paste.GetProperty("encrypted").GetString());
        Assert.Equal(JsonValueKind.Null, paste.GetProperty("language").ValueKind);
        Assert.Equal(EnvelopeMark.FileName, paste.GetProperty("files")[0].GetProperty("name").GetString());
        var clear = JsonDocument.Parse(await _site.GetTextAsync("/api/v1/pastes" + await _site.PasteAsync("hello"))).RootElement;
        Assert.Equal(JsonValueKind.Null, clear.GetProperty("encrypted").ValueKind);
    }

    public static TheoryData<string, string, byte[][]> Broken => new()
    {
        { "v1", "one file that begins as an envelope", [[.. "clear text canary"u8]] },
        { "v1", "one file that begins as an envelope", [SomeEnvelope, SomeEnvelope] },
        { "v1", "one file that begins as an envelope", [SomeEnvelope[..7]] },
        { "v1", "version 1", [[.. "PstrEnv\n"u8, 2, .. SomeEnvelope]] },
        { "v1", "version 1", [SomeEnvelope[..8]] },
        { "v1", "nothing to paste", [] },
        { "v2", "as \"v1\"", [SomeEnvelope] },
        { "on", "as \"v1\"", [SomeEnvelope] },
        { "true", "as \"v1\"", [[.. "clear text canary"u8]] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_was_to_be_encrypted_and_is_not_is_refused(string word, string said, byte[][] files)
    {
        using var form = new MultipartFormDataContent { { new StringContent(word), "encrypted" } };
        foreach (var file in files) form.Add(new ByteArrayContent(file), "file", "a");

        var answer = await _site.Http.PostAsync("/", form, TestSite.Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var line = await answer.Content.ReadAsStringAsync(TestSite.Token);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_of_a_form_that_says_encrypted_without_being_it_is_refused_and_kept_in_the_form()
    {
        using var form = new MultipartFormDataContent { { new StringContent("my text"), "paste" }, { new StringContent("v1"), "encrypted" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = form };
        request.Headers.Accept.ParseAdd("text/html");

        var answer = await _site.Http.SendAsync(request, TestSite.Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("my text</textarea>", await answer.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_is_one_of_the_envelope()
    {
        using var form = new MultipartFormDataContent { { new StringContent("v1"), "encrypted" }, { new ByteArrayContent([.. SomeEnvelope, .. new byte[2048]]), "file", "a" } };

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _site.Http.PostAsync("/", form, TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task An_envelope_that_came_without_being_announced_has_the_same_page()
    {
        var path = await _site.PasteFilesAsync(("what.bin", SomeEnvelope));

        Assert.Contains("data-form=\"envelope\"", await _site.GetTextAsync(path), StringComparison.Ordinal);
        Assert.Contains("data-form=\"envelope\"", await _site.GetTextAsync(await _site.PasteFilesAsync(("new.bin", [.. "PstrEnv\n"u8, 9]))), StringComparison.Ordinal);
        Assert.DoesNotContain("data-form", await _site.GetTextAsync(await _site.PasteFilesAsync(("a", SomeEnvelope), ("b", SomeEnvelope))), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync(string encrypted, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent(encrypted), "encrypted" } };
        foreach (var (name, value) in fields) form.Add(new StringContent(value, Encoding.UTF8), name);
        form.Add(new ByteArrayContent(SomeEnvelope), "file", "canary.bin");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = form };
        request.Headers.Accept.ParseAdd("application/json");
        return await _site.Http.SendAsync(request, TestSite.Token);
    }
}
