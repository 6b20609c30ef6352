using System.Net;
using System.Text.RegularExpressions;

namespace Pasteur.Tests.Web;

/// <summary>/admin: for whoever has the token, and nobody else; what is decided there counts everywhere.</summary>
public sealed class AdminTests
{
    private const string AdminToken = "canary-of-the-administrator";

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Without_a_token_in_the_settings_there_is_no_such_page(string method)
    {
        await using var site = await TestSite.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/admin") { Content = method == "POST" ? new StringContent("token=") : null };

        Assert.Equal(HttpStatusCode.NotFound, (await site.Http.SendAsync(request, TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task The_token_opens_it_with_a_cookie_that_no_other_site_and_no_script_can_use()
    {
        await using var site = await StartAsync();
        Assert.Contains("type=\"password\"", await site.GetTextAsync("/admin"), StringComparison.Ordinal);

        var answer = await PostAsync(site, null, ("token", AdminToken));

        Assert.Equal((HttpStatusCode.SeeOther, "/admin"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; HttpOnly; SameSite=Strict", cookie, StringComparison.Ordinal);
        Assert.Contains("; Path=/admin;", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", cookie, StringComparison.Ordinal);
        var page = await site.GetAsync("/admin", null, ("Cookie", cookie.Split(';')[0]));
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.Contains("name=\"command\"", await page.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("canary")]
    [InlineData("Canary-of-the-administrator")]
    [InlineData("canary-of-the-administrator ")]
    public async Task A_wrong_one_does_not(string token)
    {
        await using var site = await StartAsync();
        var answer = await PostAsync(site, null, ("token", token), ("command", "bans"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain("name=\"command\"", await answer.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trying_tokens_is_held_to_the_rate_of_misses()
    {
        await using var site = await TestSite.StartAsync("--admin-token", AdminToken, "--trusted-proxy", "127.0.0.1", "--limit-misses", "3/1h");
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Forbidden, await TryAsync($"guess {i}"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync("guess"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(AdminToken));

        async Task<HttpStatusCode> TryAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/admin") { Content = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]), Headers = { { "X-Forwarded-For", "203.0.113.77" } } };
            return (await site.Http.SendAsync(request, TestSite.Token)).StatusCode;
        }
    }

    /// <summary>Another site's page can make the administrator's browser post; it cannot read our pages.</summary>
    [Fact]
    public async Task No_other_sites_form_does_anything_in_the_administrators_name()
    {
        await using var site = await StartAsync();
        var path = await site.PasteAsync("kept");
        var (cookie, _) = await EnterAsync(site);
        var (_, othersProof) = await EnterAsync(site);
        foreach (var proof in (string[])["", "0", new string('0', 64), cookie, othersProof == await ProofAsync(site, cookie) ? "x" : othersProof])
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(site, cookie, ("proof", proof), ("command", "delete " + path[1..]))).StatusCode);
        foreach (var forged in (string[])["pasteur-admin=", "pasteur-admin=9999999999.", "pasteur-admin=9999999999." + new string('0', 64), cookie[..^1], cookie.Replace("=", "=9", StringComparison.Ordinal)])
        {
            var answer = await PostAsync(site, forged, ("proof", ""), ("command", "delete " + path[1..]));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/admin")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("proof", await ProofAsync(site, cookie)), KeyValuePair.Create("command", "delete " + path[1..])]),
            Headers = { { "Cookie", cookie }, { "Sec-Fetch-Site", "cross-site" } },
        };
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.SendAsync(foreign, TestSite.Token)).StatusCode);
        using var get = new HttpRequestMessage(HttpMethod.Get, $"/admin?command=delete+{path[1..]}&proof={await ProofAsync(site, cookie)}") { Headers = { { "Cookie", cookie } } };
        await site.Http.SendAsync(get, TestSite.Token);

        Assert.Equal("kept", await site.GetTextAsync("/raw" + path));
    }

    [Fact]
    public async Task What_was_reported_is_seen_and_deleted_with_its_reports()
    {
        await using var site = await StartAsync();
        var path = await site.PasteAsync("spam");
        await site.Http.PostAsync("/report" + path, new StringContent("reason=<script>alert(1)</script>"), TestSite.Token);
        var session = await EnterAsync(site);
        var page = await (await site.GetAsync("/admin", null, ("Cookie", session.Cookie))).Content.ReadAsStringAsync(TestSite.Token);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"{path}\"", page, StringComparison.Ordinal);

        Assert.Contains("spam", await DoAsync(site, session, "show " + path[1..]), StringComparison.Ordinal);
        Assert.Contains("off the site", await DoAsync(site, session, "delete " + path[1..]), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync(path)).StatusCode);
        Assert.Contains("0 reports", await DoAsync(site, session, "reports"), StringComparison.Ordinal);
        Assert.Contains("there is no paste", await DoAsync(site, session, "delete " + path[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocked_content_is_refused_in_every_way_to_paste_until_it_is_unblocked()
    {
        await using var site = await StartAsync();
        var (path, other) = (await site.PasteAsync("bad words"), await site.Http.PostAsync("/", new StringContent("mine"), TestSite.Token));
        var session = await EnterAsync(site);
        var said = await DoAsync(site, session, "block " + path[1..]);
        var digest = Regex.Match(said, "[0-9a-f]{64}").Value;

        foreach (var (method, to) in new[] { ("POST", "/"), ("PUT", "/a.txt"), ("POST", "/documents"), ("POST", "/api/create") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), to) { Content = new StringContent("bad words") };
            var answer = await site.Http.SendAsync(request, TestSite.Token);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("does not want this content", await answer.Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
        }
        var mine = new Uri((await other.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;
        using var edit = new HttpRequestMessage(HttpMethod.Post, mine) { Content = new StringContent("bad words"), Headers = { { "X-Token", other.Headers.GetValues("X-Token").Single() } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.SendAsync(edit, TestSite.Token)).StatusCode);
        Assert.Equal("mine", await site.GetTextAsync("/raw" + mine));
        await site.PasteAsync("good words");

        await DoAsync(site, session, "unblock " + digest);
        await site.PasteAsync("bad words");
        await DoAsync(site, session, "block " + digest.ToUpperInvariant());
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.PostAsync("/", new StringContent("bad words"), TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task Earlier_revisions_are_shown_and_blocked_too()
    {
        await using var site = await StartAsync();
        var made = await site.Http.PostAsync("/", new StringContent("bad words"), TestSite.Token);
        var path = new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;
        using var edit = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("harmless"), Headers = { { "X-Token", made.Headers.GetValues("X-Token").Single() } } };
        Assert.Equal(HttpStatusCode.OK, (await site.Http.SendAsync(edit, TestSite.Token)).StatusCode);
        var session = await EnterAsync(site);
        Assert.Contains("revision 2 of 2", await DoAsync(site, session, "show " + path[1..]), StringComparison.Ordinal);
        Assert.Contains("bad words", await DoAsync(site, session, $"show {path[1..]}@1"), StringComparison.Ordinal);
        Assert.Contains("there is no revision 3", await DoAsync(site, session, $"show {path[1..]}@3"), StringComparison.Ordinal);
        Assert.Equal("bad words", await site.GetTextAsync($"/raw{path}@1"));

        Assert.Equal(2, Regex.Count(await DoAsync(site, session, "block " + path[1..]), "[0-9a-f]{64} is taken no more"));

        Assert.Equal((HttpStatusCode)451, (await site.GetAsync($"/raw{path}@1")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.PostAsync("/", new StringContent("bad words"), TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task What_burns_is_blocked_without_being_shown()
    {
        await using var site = await StartAsync();
        var path = await site.PasteAsync("bad canary", ("burn", "1"), ("name", "canary.txt"));
        var session = await EnterAsync(site);

        var said = await DoAsync(site, session, "block " + path[1..]);

        Assert.Matches("[0-9a-f]{64} is taken no more", said);
        Assert.DoesNotContain("canary", said, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)451, (await site.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.PostAsync("/", new StringContent("bad canary"), TestSite.Token)).StatusCode);
    }

    [Theory]
    [InlineData("history keeps it, unless you erase")]
    [InlineData("forgets it with all that ends", "expires", "1h")]
    [InlineData("taken out of the repository's history too", "user", "ada", "--forget-deleted")]
    public async Task Who_deletes_is_told_what_the_history_keeps(string said, string field = "user", string value = "ada", string? setting = null)
    {
        await using var site = await StartAsync(setting is null ? [] : [setting]);
        var path = await site.PasteAsync("x", (field, value));
        Assert.Contains(said, await DoAsync(site, await EnterAsync(site), "delete " + path[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_banned_network_reads_and_does_not_write()
    {
        await using var site = await TestSite.StartAsync("--admin-token", AdminToken, "--trusted-proxy", "127.0.0.1");
        var path = await site.PasteAsync("kept");
        var session = await EnterAsync(site);
        Assert.Contains("203.0.113.0/24 may only read for 7d", await DoAsync(site, session, "ban 203.0.113.77/24 for 7d"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, await PasteFromAsync("203.0.113.1"));
        Assert.Equal(HttpStatusCode.OK, await PasteFromAsync("198.51.100.1"));
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync(path, null, ("X-Forwarded-For", "203.0.113.1"))).StatusCode);
        Assert.Contains("203.0.113.0/24  until", await DoAsync(site, session, "bans"), StringComparison.Ordinal);
        await DoAsync(site, session, "unban 203.0.113.0/24");
        Assert.Equal(HttpStatusCode.OK, await PasteFromAsync("203.0.113.1"));

        async Task<HttpStatusCode> PasteFromAsync(string address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x"), Headers = { { "X-Forwarded-For", address } } };
            return (await site.Http.SendAsync(request, TestSite.Token)).StatusCode;
        }
    }

    [Theory]
    [InlineData("", "that is no command")]
    [InlineData("rm -rf", "that is no command")]
    [InlineData("ban", "that is no command")]
    [InlineData("ban 203.0.113.0/24 for", "that is no command")]
    [InlineData("ban nonsense", "is not a network")]
    [InlineData("ban 203.0.113.0/33", "is a number from 0 to 32")]
    [InlineData("ban 203.0.113.0/24 for ever", "is not a duration")]
    [InlineData("ban 0.0.0.0/0", "has this machine itself in it")]
    [InlineData("ban ::/0", "has this machine itself in it")]
    [InlineData("ban 127.0.0.0/8", "has this machine itself in it")]
    [InlineData("ban 127.0.0.9", "has this machine itself in it")]
    [InlineData("unban 203.0.113.0/24", "is not banned")]
    [InlineData("unblock abc", "is not blocked")]
    [InlineData("block zzzzzzzzzz", "there is no paste")]
    [InlineData("show ../../etc/passwd", "there is no paste")]
    [InlineData("dismiss zzzzzzzzzz", "nothing was reported")]
    public async Task What_cannot_be_done_is_said(string command, string said)
    {
        await using var site = await StartAsync();
        Assert.Contains(said, await DoAsync(site, await EnterAsync(site), command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_ends_it_and_so_does_the_end_of_the_program()
    {
        string cookie;
        await using (var site = await StartAsync())
        {
            (cookie, var proof) = await EnterAsync(site);
            var left = await PostAsync(site, cookie, ("proof", proof), ("leave", "1"));
            Assert.Contains("Max-Age=0", left.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        }
        await using var later = await StartAsync();
        Assert.Contains("type=\"password\"", await (await later.GetAsync("/admin", null, ("Cookie", cookie))).Content.ReadAsStringAsync(TestSite.Token), StringComparison.Ordinal);
    }

    internal static Task<TestSite> StartAsync(params string[] arguments) => TestSite.StartAsync(["--admin-token", AdminToken, .. arguments]);

    internal static async Task<(string Cookie, string Proof)> EnterAsync(TestSite site)
    {
        var answer = await PostAsync(site, null, ("token", AdminToken));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return (cookie, await ProofAsync(site, cookie));
    }

    private static async Task<string> ProofAsync(TestSite site, string cookie)
    {
        var page = await (await site.GetAsync("/admin", null, ("Cookie", cookie))).Content.ReadAsStringAsync(TestSite.Token);
        return Regex.Match(page, "name=\"proof\" value=\"([0-9a-f]{64})\"").Groups[1].Value;
    }

    internal static async Task<string> DoAsync(TestSite site, (string Cookie, string Proof) session, string command)
    {
        var answer = await PostAsync(site, session.Cookie, ("proof", session.Proof), ("command", command));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestSite.Token));
    }

    private static async Task<HttpResponseMessage> PostAsync(TestSite site, string? cookie, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin") { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await site.Http.SendAsync(request, TestSite.Token);
    }
}
