using System.Net;
using System.Text;
using System.Text.Json;
using Pasteur.Configuration;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Web;

/// <summary>A site that asks for work before a paste: on every way to make one, once for each, and for nothing else.</summary>
public sealed class WorkTests : IAsyncLifetime
{
    private const int Bits = 8;
    private const string Missing = "Against floods, this site asks for a little work before each paste, and none came with this one; nothing was stored. " +
        "pasteur put does it by itself; for other programs see ";

    private TestSite _site = null!;

    public static TheoryData<string, string> Ways => new()
    {
        { "POST", "/" }, { "PUT", "/" }, { "PUT", "/a.txt" }, { "POST", "/documents" }, { "POST", "/api/create" }, { "POST", "/api/v1/pastes" },
    };

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync("--challenge", "8");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_way_to_paste_asks_for_it_and_takes_it_once(string method, string path)
    {
        var refused = await PasteAsync(method, path, null);
        Assert.Equal(428, (int)refused.StatusCode);
        Assert.Equal($"{Missing}{_site.Http.BaseAddress}api#work\n", await refused.Content.ReadAsStringAsync(TestSite.Token));
        Assert.True(refused.Headers.CacheControl!.NoStore);

        // The refusal says what to work on.
        var asked = refused.Headers.GetValues("X-Challenge").Single();
        Assert.EndsWith("; bits=8", asked, StringComparison.Ordinal);
        var proof = Worker.Solve(asked[..^"; bits=8".Length], Bits);
        Assert.InRange((int)(await PasteAsync(method, path, proof)).StatusCode, 200, 303);

        var again = await PasteAsync(method, path, proof);
        Assert.Equal(428, (int)again.StatusCode);
        Assert.StartsWith("The work that came with this paste was used for another one; nothing was stored. ", await again.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
        Assert.Contains("pasteur_creates_total 1\n", await _site.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    /// <summary>The table above would not grow by itself when a way to paste is added.</summary>
    [Fact]
    public async Task No_way_to_paste_is_left_out()
    {
        using var document = JsonDocument.Parse(await _site.GetTextAsync("/openapi.json"));
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(operation => operation.Name is "post" or "put" && !path.Name.Contains("{id}", StringComparison.Ordinal) && path.Name != "/admin"))
            {
                Assert.True(operation.Value.GetProperty("responses").TryGetProperty("428", out _), path.Name);
                Assert.Equal(428, (int)(await PasteAsync(operation.Name.ToUpperInvariant(), path.Name.Replace("{name}", "a", StringComparison.Ordinal), null)).StatusCode);
            }
        }
    }

    [Fact]
    public async Task It_is_asked_for_as_JSON()
    {
        var answer = await _site.GetAsync("/api/v1/challenge");
        var asked = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestSite.Token)).RootElement;

        Assert.Equal((HttpStatusCode.OK, "application/json", true), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.NoStore));
        Assert.Equal((Bits, 600), (asked.GetProperty("bits").GetInt32(), asked.GetProperty("seconds").GetInt32()));
        var challenge = asked.GetProperty("challenge").GetString()!;
        Assert.Equal($"{challenge}; bits=8", answer.Headers.GetValues("X-Challenge").Single());
        Assert.Equal(HttpStatusCode.OK, (await PasteAsync("POST", "/", Worker.Solve(challenge, Bits))).StatusCode);
    }

    [Fact]
    public async Task A_refusal_is_a_page_for_browsers_and_a_problem_for_programs_in_their_language()
    {
        var page = await PasteAsync("POST", "/", null, "text/html");
        Assert.Contains("<h1>Some work first</h1>", await page.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
        var problem = await PasteAsync("POST", "/?lang=fr", "wrong", "application/json");
        var said = JsonDocument.Parse(await problem.Content.ReadAsStringAsync(TestSite.Token)).RootElement;
        Assert.Equal((428, "application/problem+json", 428), ((int)problem.StatusCode, problem.Content.Headers.ContentType!.MediaType, said.GetProperty("status").GetInt32()));
        Assert.StartsWith("Le travail venu avec ce collage n’est pas celui", said.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("pasteur_refusals_total{reason=\"work-wanted\"} 2\n", await _site.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_proof_sent_many_times_at_once_makes_one_paste()
    {
        var proof = await ProveAsync(_site);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => PasteAsync(i % 2 == 0 ? "POST" : "PUT", "/", proof)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(39, answers.Count(answer => (int)answer.StatusCode == 428));
        Assert.Contains("pasteur_creates_total 1\n", await _site.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_proofs_in_one_request_are_none()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x") };
        request.Headers.Add("X-Challenge", [await ProveAsync(_site), await ProveAsync(_site)]);
        Assert.Equal(428, (int)(await _site.Http.SendAsync(request, TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task A_site_that_was_started_anew_and_another_server_take_none_of_before()
    {
        var proof = await ProveAsync(_site);
        await using var other = await TestSite.StartAsync("--challenge", "8");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x"), Headers = { { "X-Challenge", proof } } };
        Assert.Equal(428, (int)(await other.Http.SendAsync(request, TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task Owners_edit_and_delete_without()
    {
        var made = await PasteAsync("POST", "/", await ProveAsync(_site));
        var path = new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;
        var token = made.Headers.GetValues("X-Token").Single();
        foreach (var (method, to) in new[] { ("POST", path), ("POST", "/edit" + path), ("DELETE", path) })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), to) { Content = new StringContent("edited"), Headers = { { "X-Token", token } } };
            Assert.Equal(HttpStatusCode.OK, (await _site.Http.SendAsync(request, TestSite.Token)).StatusCode);
        }
    }

    [Fact]
    public async Task Reports_need_none()
    {
        var made = await PasteAsync("POST", "/", await ProveAsync(_site));
        var path = new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;
        Assert.Equal(HttpStatusCode.OK, (await _site.Http.PostAsync("/report" + path, new StringContent("reason=spam"), TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task Whoever_has_the_password_is_not_asked()
    {
        await using var site = await TestSite.StartAsync("--challenge", "on", "--auth", "ada:secret");
        site.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("ada:secret")));

        Assert.Equal(HttpStatusCode.NoContent, (await site.GetAsync("/api/v1/challenge")).StatusCode);
        await site.PasteAsync("x");
        Assert.Contains("data-challenge=\"\"", await site.GetTextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_default_nobody_is_asked()
    {
        await using var site = await TestSite.StartAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await site.GetAsync("/api/v1/challenge")).StatusCode);
        await site.PasteAsync("x");
        foreach (var path in (string[])["/", "/api", "/about"])
        {
            var page = await site.GetTextAsync(path);
            Assert.All((string[])["api/v1/challenge", "work.", "\"work\"", "works for", "primary\" disabled"], word => Assert.DoesNotContain(word, page, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/", "<button class=\"primary\" disabled", "<noscript><p class=\"note\">Against floods", "href=\"/api#work\"", "data-challenge=\"/api/v1/challenge\"")]
    [InlineData("/?lang=fr", "<button class=\"primary\" disabled", "<noscript><p class=\"note\">Contre les avalanches", "href=\"/api?lang=fr#work\"")]
    [InlineData("/api", "<h2 id=\"work\">", "api/v1/challenge | python3")]
    [InlineData("/about", "works for about a second on a number")]
    public async Task Pages_say_what_is_asked_for_and_what_to_do(string path, params string[] parts)
    {
        var page = await (await _site.GetAsync(path, "text/html")).Content.ReadAsStringAsync(TestSite.Token);
        Assert.All(parts, part => Assert.Contains(part, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_say_how_much()
    {
        foreach (var (text, bits) in new[] { ("on", Limits.UsualWorkBits), ("off", 0), ("8", 8), ("20", 20) })
        {
            var serve = Assert.IsType<Invocation.Serve>(new CommandLine().Read(["--no-data", "--challenge", text], _ => null));
            Assert.Equal(bits, serve.Settings.WorkBits);
        }
        Assert.IsType<Invocation.Serve>(new CommandLine().Read(["--no-data", "--challenge", "off", "--termbin-port", "9999"], _ => null));
    }

    private static async Task<string> ProveAsync(TestSite site) => Worker.Solve((await site.GetAsync("/api/v1/challenge")).Headers.GetValues("X-Challenge").Single().Split(';')[0], Bits);

    private async Task<HttpResponseMessage> PasteAsync(string method, string path, string? proof, string? accept = null)
    {
        var isJson = path.StartsWith("/api/v1/", StringComparison.Ordinal);
        var isForm = path == "/api/create";
        var content = isJson ? """{"files":[{"content":"x"}]}""" : isForm ? "content=x" : "x";
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(content, null, isJson ? "application/json" : isForm ? "application/x-www-form-urlencoded" : "text/plain") };
        if (proof is not null) request.Headers.Add("X-Challenge", proof);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return await _site.Http.SendAsync(request, TestSite.Token);
    }
}
