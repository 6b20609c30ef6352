using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Pasteur.Tests.Web;

public sealed class ApiTests : IAsyncLifetime
{
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync("--max-size", "1KiB");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_paste_is_made_and_read_as_JSON()
    {
        var made = await PostAsync("""{"author":"Ada","comment":"first light","language":"ml","files":[{"name":"store.ml","content":"let x = \"é\""},{"name":"b","base64":"AP8="}]}""");

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var read = await _site.GetAsync(made.Headers.Location!.OriginalString);
        var json = await read.Content.ReadFromJsonAsync<JsonElement>(TestSite.Token);
        Assert.Equal(("Ada", "first light", "ocaml"), (json.GetProperty("author").GetString(), json.GetProperty("comment").GetString(), json.GetProperty("language").GetString()));
        var files = json.GetProperty("files");
        Assert.Equal("let x = \"é\"", files[0].GetProperty("content").GetString());
        Assert.Equal(JsonValueKind.Null, files[0].GetProperty("base64").ValueKind);
        Assert.Equal("AP8=", files[1].GetProperty("base64").GetString());
        Assert.Equal("application/octet-stream", files[1].GetProperty("mediaType").GetString());
        var told = await made.Content.ReadAsStringAsync(TestSite.Token);
        var token = JsonDocument.Parse(told).RootElement.GetProperty("token").GetString();
        Assert.Equal(told.Replace($",\"token\":\"{token}\"", "", StringComparison.Ordinal), await read.Content.ReadAsStringAsync(TestSite.Token));
        Assert.InRange(json.GetProperty("created").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"files":[]}""")]
    [InlineData("""{"files":"x"}""")]
    [InlineData("""{"files":[null]}""")]
    [InlineData("""{"files":[{}]}""")]
    [InlineData("""{"files":[{"content":5}]}""")]
    [InlineData("""{"files":[{"content":"a","base64":"YQ=="}]}""")]
    [InlineData("""{"files":[{"base64":"not base64"}]}""")]
    [InlineData("""{"files":[{"content":""}]}""")]
    [InlineData("""{"files":[{"content":"a"}],"files":[[[[[[[[[[[[]]]]]]]]]]]]}""")]
    public async Task Malformed_JSON_is_refused_without_a_word_of_the_parser(string body)
    {
        var response = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(TestSite.Token);
        Assert.DoesNotContain("Json", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_JSON_is_taken_as_JSON() =>
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _site.Http.PostAsync("/api/v1/pastes", new StringContent("{}"), TestSite.Token)).StatusCode);

    [Fact]
    public async Task The_bound_is_the_same_as_everywhere() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync($$"""{"files":[{"content":"{{new string('x', 1025)}}"}]}""")).StatusCode);

    [Fact]
    public async Task Too_many_files_are_refused() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync($$"""{"files":[{{string.Join(',', Enumerable.Repeat("{\"content\":\"x\"}", 33))}}]}""")).StatusCode);

    [Fact]
    public async Task Errors_are_problem_details()
    {
        var response = await _site.GetAsync("/api/v1/pastes/zzzzzzzzzz", "application/json");

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestSite.Token);
        Assert.Equal(404, problem.GetProperty("status").GetInt32());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.Equal("Not found", problem.GetProperty("title").GetString());
    }

    private Task<HttpResponseMessage> PostAsync(string json) =>
        _site.Http.PostAsync("/api/v1/pastes", new StringContent(json, Encoding.UTF8, "application/json"), TestSite.Token);
}
