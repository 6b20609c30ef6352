using System.Net;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>Clients that pretend to be a proxy.</summary>
public class ForwardedAttackTests
{
    private static readonly (string Name, string Value)[] s_forged =
        [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/evil"), ("Forwarded", "for=1.2.3.4;host=evil.example;proto=https")];

    [Theory]
    [InlineData]
    [InlineData("--trusted-proxy", "10.0.0.0/8")]
    [InlineData("--trusted-proxy", "unix")]
    public async Task Nobody_else_moves_the_sites_addresses(params string[] arguments)
    {
        await using var site = await TestSite.StartAsync(arguments);

        var answer = await PasteAsync(site, s_forged);

        Assert.StartsWith(site.Http.BaseAddress!.ToString(), answer, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", await (await site.GetAsync("/", headers: s_forged)).Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_trusted_says_what_it_was_asked_for()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1", "--base-path", "/p");
        (string, string)[] headers = [("X-Forwarded-For", "203.0.113.5"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "paste.example.org"), ("X-Forwarded-Prefix", "/p")];

        var answer = (await PasteAsync(site, headers)).TrimEnd();

        Assert.StartsWith("https://paste.example.org/p/", answer, StringComparison.Ordinal);
        var path = new Uri(answer).AbsolutePath;
        Assert.Equal("x", await (await site.GetAsync("/raw" + path["/p".Length..], headers: headers)).Content.ReadAsStringAsync(TestSite.Token));
        Assert.Equal("x", await (await site.GetAsync("/p/raw" + path["/p".Length..])).Content.ReadAsStringAsync(TestSite.Token));
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/healthz", headers: headers)).StatusCode);
    }

    [Fact]
    public async Task Below_each_path_are_the_same_pastes_with_links_of_that_path()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1");
        var path = new Uri((await PasteAsync(site, [("X-Forwarded-Prefix", "/one")])).TrimEnd()).AbsolutePath;
        Assert.StartsWith("/one/", path, StringComparison.Ordinal);
        Assert.Equal(["Accept-Encoding", "Accept-Language", "X-Forwarded-Prefix"], (await site.GetAsync(path, headers: ("X-Forwarded-Prefix", "/one"))).Headers.Vary.Order());
        Assert.Equal(["Accept-Encoding", "Accept-Language"], (await site.GetAsync(path["/one".Length..])).Headers.Vary);
        var own = path["/one".Length..];

        // Pages are kept: none may be served below another path.
        for (var i = 0; i < 2; i++)
        {
            foreach (var prefix in new[] { "", "/one", "/two" })
            {
                (string, string)[] headers = prefix.Length == 0 ? [] : [("X-Forwarded-Prefix", prefix)];
                var page = await (await site.GetAsync(own, headers: headers)).Content.ReadAsStringAsync(TestSite.Token);
                var links = page.Split("=\"").Skip(1).Select(part => part[..part.IndexOf('"')]).Where(link => link.StartsWith('/')).ToList();
                Assert.Contains($"{prefix}/raw{own}", links);
                Assert.All(links, link => Assert.StartsWith(prefix + "/", link, StringComparison.Ordinal));
                Assert.All(links, link => Assert.False(prefix.Length == 0 && (link.StartsWith("/one", StringComparison.Ordinal) || link.StartsWith("/two", StringComparison.Ordinal)), link));
                foreach (var link in links.Distinct())
                    Assert.Equal(HttpStatusCode.OK, (await site.GetAsync(link[prefix.Length..], headers: headers)).StatusCode);
                Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/no-such/thing/at/all", headers: headers)).StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_site_that_was_told_its_path_takes_no_other()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1", "--base-path", "/paste");

        var page = await (await site.GetAsync("/paste/", headers: ("X-Forwarded-Prefix", "/evil"))).Content.ReadAsStringAsync(TestSite.Token);

        Assert.Contains("\"/paste/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_the_public_host_is_not_foreign_behind_the_proxy()
    {
        await using var site = await TestSite.StartAsync("--trusted-proxy", "127.0.0.1");

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(site, ("X-Forwarded-Host", "paste.example.org"), ("Origin", "https://paste.example.org"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(site, ("X-Forwarded-Host", "paste.example.org"), ("Origin", "https://evil.example"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(site, ("Origin", "https://paste.example.org"))).StatusCode);
    }

    private static async Task<string> PasteAsync(TestSite site, (string, string)[] headers)
    {
        var response = await PostAsync(site, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestSite.Token);
    }

    private static async Task<HttpResponseMessage> PostAsync(TestSite site, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new FormUrlEncodedContent([KeyValuePair.Create("paste", "x")]) };
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await site.Http.SendAsync(request, TestSite.Token);
    }
}
