using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Web;

/// <summary>Content that is blocked is neither taken nor shown, whoever brought it and however.</summary>
public sealed class BlockedTests
{
    private const string Bad = "bad words";
    private const string NotShown = "Whoever runs this site does not want this content: it was reported and blocked, and is not shown here.";

    private static readonly string s_digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Bad)));

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}@1")]
    [InlineData("{0}.py")]
    [InlineData("{0}?ln=true")]
    [InlineData("raw{0}")]
    [InlineData("raw{0}.txt")]
    [InlineData("{0}?raw=true")]
    [InlineData("{0}/paste.txt")]
    [InlineData("{0}.zip")]
    [InlineData("{0}.tar")]
    [InlineData("documents{0}")]
    [InlineData("api/v1/pastes{0}")]
    [InlineData("api/v1/pastes{0}/revisions")]
    [InlineData("edit{0}")]
    [InlineData("revisions{0}")]
    [InlineData("diff{0}")]
    public async Task What_was_there_before_is_not_shown_any_more_in_any_way_until_it_is_unblocked(string form)
    {
        await using var site = await AdminTests.StartAsync();
        var paste = await site.PasteAsync(Bad);
        var path = "/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, form, form.StartsWith("{0}", StringComparison.Ordinal) ? paste[1..] : paste);
        // Seen before: it is in every cache of the program.
        var before = await site.GetAsync(path, "text/html");
        Assert.NotEqual(HttpStatusCode.NotFound, before.StatusCode);
        var session = await AdminTests.EnterAsync(site);

        await AdminTests.DoAsync(site, session, "block " + s_digest);
        foreach (var accept in (string[])["text/html", "application/json", "*/*"])
        {
            var withheld = await site.GetAsync(path, accept, ("If-None-Match", before.Headers.ETag?.ToString() ?? "\"x\""));
            var said = await withheld.Content.ReadAsStringAsync(TestSite.Token);
            Assert.Equal(451, (int)withheld.StatusCode);
            Assert.Contains(NotShown, said, StringComparison.Ordinal);
            Assert.DoesNotContain(Bad, said, StringComparison.Ordinal);
            Assert.True(withheld.Headers.CacheControl!.NoStore);
        }

        await AdminTests.DoAsync(site, session, "unblock " + s_digest);
        Assert.Equal(before.StatusCode, (await site.GetAsync(path, "text/html")).StatusCode);
    }

    [Fact]
    public async Task It_is_not_the_start_of_a_new_paste_either()
    {
        await using var site = await AdminTests.StartAsync();
        var path = await site.PasteAsync(Bad);
        await AdminTests.DoAsync(site, await AdminTests.EnterAsync(site), "block " + s_digest);

        Assert.DoesNotContain(Bad, await site.GetTextAsync("/?from=" + path[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_owner_replaces_and_deletes_it_and_what_was_is_shown_to_nobody()
    {
        await using var site = await AdminTests.StartAsync();
        var made = await site.PostFormAsync(("paste", Bad));
        var path = new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath;
        var token = made.Headers.GetValues("X-Token").Single();
        await AdminTests.DoAsync(site, await AdminTests.EnterAsync(site), "block " + s_digest);

        var edited = await site.Http.PostAsync(path, new FormUrlEncodedContent([KeyValuePair.Create("token", token), KeyValuePair.Create("paste", "good words")]), TestSite.Token);

        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        Assert.Equal("good words", await site.GetTextAsync("/raw" + path));
        foreach (var old in (string[])[$"{path}@1", $"/raw{path}@1", $"/diff{path}", $"/diff{path}?from=2&to=1", $"/api/v1/pastes{path}@1"])
            Assert.Equal(451, (int)(await site.GetAsync(old)).StatusCode);
        using var deletion = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { { "X-Token", token } } };
        Assert.Equal(HttpStatusCode.OK, (await site.Http.SendAsync(deletion, TestSite.Token)).StatusCode);
    }

    [Fact]
    public async Task Among_several_files_one_is_enough_and_other_pastes_are_shown()
    {
        await using var site = await AdminTests.StartAsync();
        var both = await site.PasteFilesAsync(("a.txt", "good"u8.ToArray()), ("b.txt", Encoding.UTF8.GetBytes(Bad)));
        var other = await site.PasteAsync(Bad + "!");
        await AdminTests.DoAsync(site, await AdminTests.EnterAsync(site), "block " + s_digest);

        Assert.Equal(451, (int)(await site.GetAsync(both)).StatusCode);
        Assert.Equal(451, (int)(await site.GetAsync(both + "/a.txt")).StatusCode);
        Assert.Equal(Bad + "!", await site.GetTextAsync("/raw" + other));
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/zzzzzzzzzz")).StatusCode);
    }

    [Fact]
    public async Task Netcat_and_JSON_bring_none()
    {
        await using var site = await AdminTests.StartAsync("--termbin-port", "0");
        await AdminTests.DoAsync(site, await AdminTests.EnterAsync(site), "block " + s_digest);

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(site.TermbinAddress!, TestSite.Token);
        using var reader = new StreamReader(new NetworkStream(socket));
        await socket.SendAsync(Encoding.UTF8.GetBytes(Bad), TestSite.Token);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("Whoever runs this site does not want this text. Nothing was stored.\n", await reader.ReadToEndAsync(TestSite.Token));

        using var json = JsonContent.Create(new { files = new[] { new { name = "a", content = Bad } } });
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.PostAsync("/api/v1/pastes", json, TestSite.Token)).StatusCode);
        Assert.Contains("pasteur_creates_total 0\n", await site.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_server_pushed_is_not_shown_here()
    {
        using var folder = new TemporaryFolder();
        StockGit.Run("/", "init", "--quiet", "--bare", "--initial-branch=main", folder["r.git"]);
        await using var other = await TestSite.StartAsync("--remote", folder["r.git"], "--ack", "remote");
        var bad = await other.PasteAsync(Bad);
        await using var site = await AdminTests.StartAsync("--remote", folder["r.git"]);
        await AdminTests.DoAsync(site, await AdminTests.EnterAsync(site), "block " + s_digest);
        var worse = await other.PasteAsync(Bad);
        var good = await other.PasteAsync("good words");

        // The remote is asked for ids that are unknown here: both come.
        Assert.Equal(HttpStatusCode.OK, await StatusOnceThereAsync(site, good));
        Assert.Equal(451, (int)await StatusOnceThereAsync(site, bad));
        Assert.Equal(451, (int)await StatusOnceThereAsync(site, worse));
        Assert.Equal(Bad, await other.GetTextAsync("/raw" + worse));
        var problem = JsonDocument.Parse(await (await site.GetAsync(worse, "application/json")).Content.ReadAsStringAsync(TestSite.Token)).RootElement;
        Assert.Equal(NotShown, problem.GetProperty("detail").GetString());
    }

    private static async Task<HttpStatusCode> StatusOnceThereAsync(TestSite site, string path)
    {
        for (var tries = 0; ; tries++)
        {
            var status = (await site.GetAsync(path)).StatusCode;
            if (status != HttpStatusCode.NotFound || tries == 20) return status;
            await Task.Delay(500, TestSite.Token);
        }
    }
}
