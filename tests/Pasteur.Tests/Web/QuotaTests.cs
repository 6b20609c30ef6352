using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Pasteur.Tests.Web;

/// <summary>A site that is full, and one for reading alone: nothing is taken, all is read, and everybody is told why.</summary>
public sealed class QuotaTests
{
    [Fact]
    public async Task A_site_that_is_full_takes_no_more_and_says_so()
    {
        await using var site = await TestSite.StartAsync("--max-total", "1MiB");
        var kept = await site.PasteAsync("kept");
        var token = "";
        for (var i = 0; i < 20 && token.Length == 0; i++)
        {
            var answer = await PostAsync(site, "/");
            if (answer.StatusCode == HttpStatusCode.OK) continue;
            token = await answer.Content.ReadAsStringAsync(TestSite.Token);
            Assert.Equal(507, (int)answer.StatusCode);
        }

        Assert.Equal("The site holds as many pastes as its owner lets it. Nothing was stored.\n", token);
        foreach (var path in (string[])["/", "/documents", "/api/create"]) Assert.Equal(507, (int)(await PostAsync(site, path)).StatusCode);
        Assert.Equal("kept", await site.GetTextAsync("/raw" + kept));
        var store = JsonDocument.Parse(await site.GetTextAsync("/healthz")).RootElement;
        Assert.Equal("degraded", store.GetProperty("status").GetString());
        Assert.Equal(1 << 20, store.GetProperty("store").GetProperty("maxBytes").GetInt64());
        Assert.InRange(store.GetProperty("store").GetProperty("bytes").GetInt64(), 1 << 20, 2 << 20);
        Assert.Contains("pasteur_store_max_bytes 1048576\n", await site.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_full_can_still_be_deleted_and_not_edited()
    {
        await using var site = await TestSite.StartAsync("--max-total", "1MiB");
        var made = await PostAsync(site, "/");
        var path = new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;
        var token = made.Headers.GetValues("X-Token").Single();
        while ((await PostAsync(site, "/")).IsSuccessStatusCode)
        {
        }

        using var edit = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("other"), Headers = { { "X-Token", token } } };
        Assert.Equal(507, (int)(await site.Http.SendAsync(edit, TestSite.Token)).StatusCode);
        using var deletion = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { { "X-Token", token } } };
        Assert.Equal(HttpStatusCode.OK, (await site.Http.SendAsync(deletion, TestSite.Token)).StatusCode);
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/a.txt")]
    [InlineData("POST", "/documents")]
    [InlineData("POST", "/api/create")]
    [InlineData("POST", "/api/v1/pastes")]
    [InlineData("POST", "/edit/zzzzzzzzzz")]
    [InlineData("POST", "/open/zzzzzzzzzz")]
    [InlineData("POST", "/delete/zzzzzzzzzz")]
    [InlineData("DELETE", "/zzzzzzzzzz")]
    [InlineData("PUT", "/api/v1/pastes/zzzzzzzzzz")]
    public async Task A_site_for_reading_alone_takes_nothing(string method, string path)
    {
        await using var site = await TestSite.StartAsync("--read-only");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("x") };

        var answer = await site.Http.SendAsync(request, TestSite.Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("This site takes no pastes and no changes: it can only be read. Nothing was stored.\n", await answer.Content.ReadAsStringAsync(TestSite.Token));
        Assert.Contains("pasteur_creates_total 0\n", await site.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_pages_offer_nothing_that_would_be_refused()
    {
        using var folder = new Support.TemporaryFolder();
        string stays, burns;
        await using (var open = await TestSite.StartAsync("--data", folder["data"]))
        {
            (stays, burns) = (await open.PasteAsync("x"), await open.PasteAsync("canary", ("burn", "1")));
            Assert.Contains(">Edit<", await PageAsync(open, stays), StringComparison.Ordinal);
            Assert.Contains("Use as new", await PageAsync(open, stays), StringComparison.Ordinal);
            Assert.Contains("<form method=\"post\"", await PageAsync(open, burns), StringComparison.Ordinal);
        }
        await using var site = await TestSite.StartAsync("--data", folder["data"], "--read-only");
        Assert.DoesNotContain(">Edit<", await PageAsync(site, stays), StringComparison.Ordinal);
        Assert.DoesNotContain("Use as new", await PageAsync(site, stays), StringComparison.Ordinal);
        var page = await PageAsync(site, burns);
        Assert.DoesNotContain("<form", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/delete/", page, StringComparison.Ordinal);
        Assert.Contains("This site can only be read for now", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.PostAsync("/open" + burns, null, TestSite.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await site.GetAsync(burns)).StatusCode);

        static async Task<string> PageAsync(TestSite site, string path) => await (await site.GetAsync(path, "text/html")).Content.ReadAsStringAsync(TestSite.Token);
    }

    [Fact]
    public async Task Its_form_says_so_and_it_is_ready()
    {
        await using var site = await TestSite.StartAsync("--read-only");

        var form = await site.GetTextAsync("/");

        Assert.Contains("it can only be read", form, StringComparison.Ordinal);
        Assert.Contains("<button class=\"primary\" disabled", form, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/readyz")).StatusCode);
        await using var open = await TestSite.StartAsync();
        Assert.DoesNotContain("it can only be read", await open.GetTextAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain("primary\" disabled", await open.GetTextAsync("/"), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PostAsync(TestSite site, string path) =>
        site.Http.PostAsync(path, new ByteArrayContent(RandomNumberGenerator.GetBytes(200_000)), TestSite.Token);
}
