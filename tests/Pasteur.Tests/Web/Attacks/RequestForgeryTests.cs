using System.Net;
using System.Text;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>State changed by a GET (wastebin 3.4.1) or by another site's page.</summary>
public sealed class RequestForgeryTests : IAsyncLifetime
{
    private const string EveryField = "paste=canary&content=canary&file=canary&c=canary&sprunge=canary&f:1=canary&text=canary&data=canary&url=canary&delete=1&burn=1";

    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await Prey.StartSiteAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    /// <summary>Whoever asks has every right, and says in every way that he means another method. The routes are those of the site: none is forgotten.</summary>
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task No_safe_method_changes_anything(string method)
    {
        var prey = await Prey.PutAsync(_site);
        var before = await prey.StateAsync();
        var paths = (await RoutesTests.RoutesAsync()).Select(route => route.Split(' ')[1]).Append("/canary.txt").Distinct().ToList();
        foreach (var path in paths)
        {
            foreach (var (code, token) in new[] { (prey.Code, prey.Token), (prey.Burning, prey.BurningToken) })
            {
                var fields = $"{EveryField}&token={token}&proof={prey.Proof}&command=block+{prey.Code}&reason=canary&expires=1m&_method=DELETE";
                using var request = new HttpRequestMessage(new HttpMethod(method), $"{Fill(path, code)}?{fields}");
                request.Content = new StringContent(fields, Encoding.ASCII, "application/x-www-form-urlencoded");
                foreach (var name in (string[])["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]) request.Headers.Add(name, path == "/admin" ? "POST" : "DELETE");
                request.Headers.Add("X-Token", token);
                request.Headers.Add("Cookie", prey.Cookie);
                using var answer = await _site.Http.SendAsync(request, TestSite.Token);
                Assert.False(answer.Headers.Contains("Set-Cookie"), path);
                Assert.False(answer.Headers.Contains("X-Token"), path);
            }
        }

        Assert.Equal(before, await prey.StateAsync());
    }

    /// <summary>Each would be done for a page of our own, and then is. A route that is new has to be said here how it is asked.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("/below")]
    public async Task A_page_of_another_site_changes_nothing_on_any_route(string prefix)
    {
        var said = Pasteur.Web.Wording.Words.English["error.cross-site.detail"];
        var routes = (await RoutesTests.RoutesAsync()).Where(route => !route.StartsWith("GET ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            // One for each, since a site tidies up by and by: what was burnt for our own page goes some seconds later.
            await using var site = await Prey.StartSiteAsync("--trusted-proxy", "127.0.0.1");
            var own = site.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
            var prey = await Prey.PutAsync(site, prefix);
            var before = await prey.StateAsync();
            foreach (var sign in ForeignSigns(own))
            {
                using var refused = await SendAsync(prey, route, sign);
                Assert.Equal((route, HttpStatusCode.Forbidden), (route, refused.StatusCode));
                Assert.Equal(said + "\n", await refused.Content.ReadAsStringAsync(TestSite.Token));
            }
            Assert.Equal(before, await prey.StateAsync());

            using var done = await SendAsync(prey, route, ("Sec-Fetch-Site", ["same-origin"]), ("Origin", [own]));
            Assert.True((int)done.StatusCode < 400, $"{route}: {done.StatusCode}");
            Assert.NotEqual(before, await prey.StateAsync());
        }
    }

    [Fact]
    public async Task Our_own_page_can()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x") };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Origin", "null");

        Assert.Equal(HttpStatusCode.OK, (await _site.Http.SendAsync(request, TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task No_other_origin_is_allowed_to_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/pastes");
        request.Headers.Add("Origin", "http://evil.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");

        var response = await _site.Http.SendAsync(request, TestSite.Token);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Browsers of today say whose page it is; older ones, and those on plain HTTP, whose origin.</summary>
    private static (string Name, string[] Values)[] ForeignSigns(string own) =>
    [
        ("Sec-Fetch-Site", ["cross-site"]), ("Sec-Fetch-Site", ["same-site"]), ("Sec-Fetch-Site", ["same-origin", "cross-site"]), ("Sec-Fetch-Site", [""]),
        ("Origin", ["http://evil.example"]), ("Origin", [own + ".evil.example"]), ("Origin", [$"http://127.0.0.2:{new Uri(own).Port}"]),
        ("Origin", ["http://127.0.0.1:1"]), ("Origin", [own, "http://evil.example"]),
    ];

    private static async Task<HttpResponseMessage> SendAsync(Prey prey, string route, params (string Name, string[] Values)[] signs)
    {
        var code = route.Contains("/open", StringComparison.Ordinal) ? prey.Burning : prey.Code;
        using var request = new HttpRequestMessage(new HttpMethod(route.Split(' ')[0]), Fill(route.Split(' ')[1], code)) { Content = ContentOf(route, prey) };
        request.Headers.Add("Cookie", prey.Cookie);
        request.Headers.Add("X-Token", prey.Token);
        if (prey.Prefix.Length > 0) request.Headers.Add("X-Forwarded-Prefix", prey.Prefix);
        foreach (var (name, values) in signs) Assert.True(request.Headers.TryAddWithoutValidation(name, values));
        return await prey.Site.Http.SendAsync(request, TestSite.Token);
    }

    private static HttpContent? ContentOf(string route, Prey prey) => route switch
    {
        "POST /" or "POST /edit/{id}" or "POST /{id}" => Form(("paste", "forged")),
        "POST /api/create" => Form(("content", "forged")),
        "PUT /" or "PUT /{name}" or "POST /documents" => new StringContent("forged"),
        "POST /delete/{id}" => Form(("token", prey.Token)),
        "POST /report/{id}" => Form(("reason", "forged")),
        "POST /admin" => Form(("proof", prey.Proof), ("command", "ban 203.0.113.7")),
        "POST /api/v1/pastes" or "PUT /api/v1/pastes/{id}" => new StringContent("""{"files":[{"content":"forged"}]}""", Encoding.UTF8, "application/json"),
        "POST /open/{id}" or "POST /api/v1/pastes/{id}/open" or "DELETE /{id}" or "DELETE /api/v1/pastes/{id}" => null,
        _ => throw new InvalidOperationException($"How is {route} asked?"),
    };

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static string Fill(string path, string code) => path
        .Replace("{id}", code, StringComparison.Ordinal).Replace("{file}", "paste.txt", StringComparison.Ordinal)
        .Replace("{folder}", "x", StringComparison.Ordinal).Replace("{name}", "canary.txt", StringComparison.Ordinal);
}
