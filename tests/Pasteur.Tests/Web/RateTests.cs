using System.Globalization;
using System.Net;
using System.Text;

namespace Pasteur.Tests.Web;

/// <summary>Who sends too much is told so, and for how long; nobody else notices.</summary>
public sealed class RateTests : IAsyncLifetime
{
    private const string Guilty = "203.0.113.77";
    private const string Neighbour = "203.0.113.78";
    private const string Innocent = "198.51.100.7";

    private TestSite _site = null!;

    public async ValueTask InitializeAsync() =>
        _site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1", "--limit-writes", "3/1h", "--limit-misses", "4/1h", "--limit-bytes", "10KiB/1h");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("*/*", "text/plain")]
    [InlineData("application/json", "application/problem+json")]
    [InlineData("text/html", "text/html")]
    public async Task Too_many_writes_are_429_with_the_time_to_wait_in_the_form_that_the_client_takes(string accept, string mediaType)
    {
        for (var i = 0; i < 3; i++) Assert.True((await WriteAsync(HttpMethod.Post, "/", Guilty)).IsSuccessStatusCode);

        var refused = await WriteAsync(HttpMethod.Post, "/", Neighbour, accept: accept);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(mediaType, refused.Content.Headers.ContentType!.MediaType);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20));
        Assert.Contains($"try again in {refused.Headers.RetryAfter.Delta.Value.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds", await refused.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
        Assert.True((await WriteAsync(HttpMethod.Post, "/", Innocent)).IsSuccessStatusCode);
        Assert.Contains("pasteur_creates_total 4\n", await _site.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/a.txt")]
    [InlineData("POST", "/documents")]
    [InlineData("POST", "/api/create")]
    [InlineData("POST", "/api/v1/pastes")]
    [InlineData("POST", "/edit/zzzzzzzzzz")]
    [InlineData("DELETE", "/zzzzzzzzzz")]
    [InlineData("PUT", "/api/v1/pastes/zzzzzzzzzz")]
    [InlineData("DELETE", "/api/v1/pastes/zzzzzzzzzz")]
    [InlineData("POST", "/open/zzzzzzzzzz")]
    [InlineData("POST", "/api/v1/pastes/zzzzzzzzzz/open")]
    public async Task Every_way_to_write_is_counted(string method, string path)
    {
        for (var i = 0; i < 3; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, (await WriteAsync(new HttpMethod(method), path, Guilty)).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await WriteAsync(HttpMethod.Post, "/", Guilty)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await WriteAsync(new HttpMethod(method), path, Guilty)).StatusCode);
    }

    [Theory]
    [InlineData("/{0}")]
    [InlineData("/{0}.zip")]
    [InlineData("/raw/{0}")]
    [InlineData("/{0}/a.txt")]
    [InlineData("/documents/{0}")]
    [InlineData("/api/v1/pastes/{0}")]
    [InlineData("/edit/{0}")]
    [InlineData("/delete/{0}")]
    [InlineData("/revisions/{0}")]
    [InlineData("/report/{0}")]
    [InlineData("/?from={0}")]
    public async Task Whoever_guesses_ids_learns_nothing_more_after_a_few(string path)
    {
        var known = (await _site.PasteAsync("kept")).TrimStart('/');
        for (var i = 0; i < 4; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, (await ReadAsync(string.Format(CultureInfo.InvariantCulture, path, $"zzzzzzzzz{i}"), Guilty)).StatusCode);

        var unknown = await ReadAsync(string.Format(CultureInfo.InvariantCulture, path, "zzzzzzzzz9"), Guilty);
        var right = await ReadAsync(string.Format(CultureInfo.InvariantCulture, path, known), Guilty);

        // Were the right one answered, the guessing would go on.
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (unknown.StatusCode, right.StatusCode));
        Assert.NotNull(unknown.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync("/about", Guilty)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync("/healthz", Guilty)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync("/" + known, Innocent)).StatusCode);
    }

    [Fact]
    public async Task Wrong_tokens_are_misses_too()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1", "--limit-misses", "4/1h");
        var path = await site.PasteAsync("kept");
        for (var i = 0; i < 4; i++)
        {
            using var guess = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { { "X-Forwarded-For", Guilty }, { "X-Token", $"guess {i}" } } };
            Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.SendAsync(guess, TestSite.Token)).StatusCode);
        }
        using var last = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { { "X-Forwarded-For", Guilty }, { "X-Token", "guess" } } };
        Assert.Equal(HttpStatusCode.TooManyRequests, (await site.Http.SendAsync(last, TestSite.Token)).StatusCode);
    }

    /// <summary>Behind one address there are many people: what one of them may not do keeps nobody from reading.</summary>
    [Fact]
    public async Task What_the_site_takes_from_nobody_is_no_miss()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1", "--limit-misses", "4/1h", "--read-only");
        for (var i = 0; i < 6; i++)
        {
            using var edit = new HttpRequestMessage(HttpMethod.Delete, "/zzzzzzzzzz") { Headers = { { "X-Forwarded-For", Guilty } } };
            Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.SendAsync(edit, TestSite.Token)).StatusCode);
        }
        using var read = new HttpRequestMessage(HttpMethod.Get, "/zzzzzzzzzz") { Headers = { { "X-Forwarded-For", Guilty } } };
        Assert.Equal(HttpStatusCode.NotFound, (await site.Http.SendAsync(read, TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task Wrong_passwords_are_misses_too_and_the_right_one_does_not_stand_out()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1", "--limit-misses", "4/1h", "--auth", "ada:secret");
        for (var i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await LogInAsync($"ada:{i}")).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await LogInAsync("ada:5")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LogInAsync("ada:secret")).StatusCode);

        Task<HttpResponseMessage> LogInAsync(string login) =>
            site.GetAsync("/", null, ("X-Forwarded-For", Guilty), ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login))));
    }

    [Fact]
    public async Task Too_many_bytes_are_429()
    {
        Assert.True((await WriteAsync(HttpMethod.Post, "/", Guilty, new string('x', 20_000))).IsSuccessStatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await WriteAsync(HttpMethod.Post, "/", Guilty)).StatusCode);
        Assert.True((await WriteAsync(HttpMethod.Post, "/", Innocent)).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1, " + Guilty)]      // forged by the client: what the proxy saw stands at the right
    [InlineData(Innocent + ", " + Guilty)]
    [InlineData("::1, " + Guilty)]
    public async Task Nobody_gets_out_of_it_by_forging_the_header(string forwarded)
    {
        for (var i = 0; i < 3; i++) await WriteAsync(HttpMethod.Post, "/", forwarded);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await WriteAsync(HttpMethod.Post, "/", Guilty)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await WriteAsync(HttpMethod.Post, "/", forwarded)).StatusCode);
    }

    [Fact]
    public async Task Zero_turns_them_off()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1", "--limit-writes", "0", "--limit-misses", "0", "--limit-bytes", "0");
        for (var i = 0; i < 400; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x"), Headers = { { "X-Forwarded-For", Guilty } } };
            Assert.Equal(HttpStatusCode.OK, (await site.Http.SendAsync(request, TestSite.Token)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/zzzzzzzzzz", null, ("X-Forwarded-For", Guilty))).StatusCode);
        }
    }

    [Fact]
    public async Task By_default_a_person_meets_none_and_a_flood_does()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1");
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 320; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x"), Headers = { { "X-Forwarded-For", Guilty } } };
            codes.Add((await site.Http.SendAsync(request, TestSite.Token)).StatusCode);
        }
        Assert.All(codes.Take(300), code => Assert.Equal(HttpStatusCode.OK, code));
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
    }

    private Task<HttpResponseMessage> ReadAsync(string path, string forwarded) => _site.GetAsync(path, null, ("X-Forwarded-For", forwarded));

    private async Task<HttpResponseMessage> WriteAsync(HttpMethod method, string path, string forwarded, string text = "x", string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(text) };
        request.Headers.Add("X-Forwarded-For", forwarded);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return await _site.Http.SendAsync(request, TestSite.Token);
    }
}
