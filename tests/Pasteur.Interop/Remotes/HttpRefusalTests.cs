using Pasteur.Configuration;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Each no of a web server is told in words of its own, says what to do, and repeats no secret.</summary>
public sealed class HttpRefusalTests
{
    private const string Login = $"{GitWebServer.User}:{GitWebServer.Password}@";

    /// <summary>The place, what stands before the host, and what the health report says when a fetch fails there.</summary>
    public static TheoryData<string, string, string> FetchRefusals => new()
    {
        { "git", "", "asks for a login (401); put user and password into the remote's URL, or give --remote-token" },
        { "git", "alice:wrong-canary@", "refused the login (401); check the user and the password or token" },
        { "tok", "", "asks for a login (401)" },
        { "tok", Login, "refused the login (401)" },
        { "forbidden", Login, "lets nobody fetch (403), and has not asked for the login; try it over https; it says: the account is on holiday" },
        { "forbidden", "", "lets nobody fetch without a login (403)" },
        { "nowhere", Login, "there is no repository at" },
        { "login", "", "redirects to http://127.0.0.1:PORT/page, which is no Git address (a page to log in, perhaps)" },
        { "page", "", "answers with a web page (\"Please & log in\") in place of a repository" },
        { "files", "", "does not speak Git's smart protocol" },
        { "busy", "", "has had too many requests (429) and asks to be left alone for 77 s" },
        { "broken", "", "failed (500); look into its log; it says: 500 Internal Server Error" },
        { "away", "", "failed (502)" },
    };

    [Theory]
    [MemberData(nameof(FetchRefusals))]
    public async Task Refused_fetch_is_told(string place, string login, string expected)
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await using var site = await SyncHost.StartAsync(server.Url(place, login: login));
        var problem = expected.Replace("PORT", $"{server.Port}", StringComparison.Ordinal);
        await site.UntilAsync(() => site.Status.Problem?.Contains(problem, StringComparison.Ordinal) == true, problem);
        Assert.Contains(site.Log, line => line.StartsWith("Warning: cannot fetch: ", StringComparison.Ordinal) && line.Contains(problem, StringComparison.Ordinal));
        AssertNoSecret(site);
    }

    [Fact]
    public async Task Server_that_wants_to_be_left_alone_is()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await using var site = await SyncHost.StartAsync(server.Url("busy"));
        await site.CommitAsync("abcd", "waits");
        await site.UntilAsync(() => site.Log.Any(line => line.Contains("cannot push", StringComparison.Ordinal)), "the refusal");
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        // The first fetch and the first push may set out together.
        Assert.InRange(server.Requests.Length, 1, 2);
    }

    [Fact]
    public async Task Push_that_needs_a_login_is_told_while_fetching_goes_on()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        server.PushForeign("r.git", "x/y/z/xyz0/paste.txt", "theirs");
        await using var site = await SyncHost.StartAsync(server.Url("read"));
        await site.UntilAsync(() => site.Read("xyz0") == "theirs", "the foreign paste");
        await site.CommitAsync("abcd", "hello");
        await site.UntilAsync(() => site.Status.Problem?.Contains("lets nobody push without a login (403)", StringComparison.Ordinal) == true, "the refusal");
        Assert.Equal("hello", site.Read("abcd"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Push_beyond_what_the_web_server_takes_is_told_and_smaller_ones_go(bool overTls)
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        var options = new SyncHostOptions { Access = settings => settings with { Authorities = Authorities.ReadFile(server.AuthorityFile).Value } };
        await using var site = await SyncHost.StartAsync(overTls ? server.TlsUrl("small") : server.Url("small"), options);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "hello"));
        await site.CommitAsync("large", HttpTests.Noise(3_000_000));
        await site.UntilAsync(() => site.Status.Problem?.Contains("takes no request as large as this push (413); raise the limit of the server", StringComparison.Ordinal) == true, "the refusal");
        Assert.Equal(1, site.Status.Backlog);
        Assert.DoesNotContain("outcome of a push is unknown", string.Join('\n', site.Log), StringComparison.Ordinal);
        server.AssertSound("r.git");
    }

    [Fact]
    public async Task Push_beyond_what_git_takes_is_told_in_its_words()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        // Little enough for a pipe: when Git ends before it has read all, fcgiwrap tells nothing of what it said.
        server.Git("r.git", "config", "receive.maxInputSize", "10000");
        await using var site = await SyncHost.StartAsync(server.Url("open"));
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        await site.CommitAsync("large", HttpTests.Noise(40_000));
        await site.UntilAsync(() => site.Status.Problem?.Contains("pack exceeds maximum allowed size", StringComparison.Ordinal) == true, "the refusal");
        Assert.Equal("1", server.Git("r.git", "rev-list", "--count", "main"));
    }

    [Fact]
    public async Task Words_of_a_hook_reach_the_author()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        server.AddHook("r.git", "pre-receive", "echo 'no pastes on Sundays' >&2; exit 1");
        await using var site = await SyncHost.StartAsync(server.Url("open"));
        var rejected = Assert.IsType<RemoteAck.Rejected>(await site.CommitAndWaitAsync("abcd", "hello"));
        Assert.Equal("pre-receive hook declined; no pastes on Sundays", rejected.Words);
    }

    /// <summary>How the remote is entered; each must be masked where a server repeats what it was sent.</summary>
    [Theory]
    [InlineData("alice:p%40ss-canary@", null)]
    [InlineData("lone-canary@", null)]
    [InlineData("alice@", "token-canary")]
    [InlineData("", "token-canary")]
    [InlineData("", "alice:token-canary")]
    public async Task Server_that_repeats_the_login_does_not_get_it_into_the_log(string login, string? token)
    {
        await using var server = await GitWebServer.StartAsync();
        var options = new SyncHostOptions { Access = settings => settings with { Token = token is null ? null : new HttpToken(token), Authorities = Authorities.ReadFile(server.AuthorityFile).Value } };
        await using var site = await SyncHost.StartAsync(server.TlsUrl("echo", login: login), options);
        await site.UntilAsync(() => site.Status.Problem?.Contains("it says: you sent: ", StringComparison.Ordinal) == true, "the refusal");
        Assert.Contains("***", site.Status.Problem, StringComparison.Ordinal);
        AssertNoSecret(site);
        Assert.DoesNotContain("YWxpY2U", site.Status.Problem, StringComparison.Ordinal);
    }

    private static void AssertNoSecret(SyncHost site) =>
        Assert.DoesNotContain("canary", $"{site.Status} {string.Join('\n', site.Log)}", StringComparison.OrdinalIgnoreCase);
}
