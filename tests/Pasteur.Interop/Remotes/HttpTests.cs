using Pasteur.Configuration;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>The sync against git's own http-backend behind nginx.</summary>
public sealed class HttpTests
{
    private static readonly Func<RemoteSettings, RemoteSettings> s_withToken = settings => settings with { Token = new HttpToken(GitWebServer.Token) };

    public static TheoryData<string, bool, bool> Ways => new()
    {
        { "open", false, false }, { "open", true, true }, { "git", false, true }, { "git", true, false }, { "tok", false, true }, { "tok", true, true }, { "old", false, false }, { "moved", true, true },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Pastes_go_there_and_those_of_others_come(string place, bool overTls, bool onDisk)
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        server.PushForeign("r.git", "x/y/z/xyz0/paste.txt", "foreign 0");
        using var folder = new TemporaryFolder();
        var login = place == "git" ? $"{GitWebServer.User}:{GitWebServer.Password}@" : "";
        var options = new SyncHostOptions
        {
            Folder = onDisk ? folder["data"] : null,
            Access = settings => (place == "tok" ? s_withToken(settings) : settings) with { Authorities = overTls ? Authorities.ReadFile(server.AuthorityFile).Value : null },
        };
        await using var site = await SyncHost.StartAsync(overTls ? server.TlsUrl(place, login: login) : server.Url(place, login: login), options);
        await site.UntilAsync(() => site.Read("xyz0") == "foreign 0", "the foreign paste");
        for (var i = 1; i < 4; i++)
        {
            await PushAsync(site, $"abc{i}", $"ours {i}");
            server.PushForeign("r.git", $"x/y/z/xyz{i}/paste.txt", $"foreign {i}");
            await site.UntilAsync(() => site.Read($"xyz{i}") == $"foreign {i}", "the foreign paste");
        }
        Assert.Equal("ours 3", server.Git("r.git", "cat-file", "-p", "main:a/b/c/abc3/paste.txt"));
        Assert.Equal("8", server.Git("r.git", "rev-list", "--count", "main"));
        Assert.Null(site.Status.Problem);
        server.AssertSound("r.git");
        Assert.Contains(server.Requests, line => line.Contains("proto=HTTP/1.1 ua=git/pasteur", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_pastes_need_few_connections(bool overTls)
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        var options = new SyncHostOptions { PullEvery = TimeSpan.FromMinutes(5), Access = settings => settings with { Authorities = Authorities.ReadFile(server.AuthorityFile).Value } };
        await using var site = await SyncHost.StartAsync(overTls ? server.TlsUrl("open") : server.Url("open"), options);
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        for (var i = 0; i < 20; i++)
            await PushAsync(site, $"abc{i}", $"ours {i}");
        Assert.InRange(server.Requests.Select(line => line.Split(' ')[0]).Distinct().Count(), 1, 3);
        server.AssertSound("r.git");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Large_push_is_sent_as_it_is_made(bool overTls)
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        var options = new SyncHostOptions { Access = settings => settings with { Authorities = Authorities.ReadFile(server.AuthorityFile).Value } };
        await using var site = await SyncHost.StartAsync(overTls ? server.TlsUrl("git", login: $"{GitWebServer.User}:{GitWebServer.Password}@") : server.Url("open"), options);
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        await PushAsync(site, "abcd", Noise(6_000_000));
        Assert.Equal(Noise(6_000_000), server.Git("r.git", "cat-file", "-p", "main:a/b/c/abcd/paste.txt"));
        Assert.Contains(server.Requests, line => line.Contains("POST", StringComparison.Ordinal) && line.Contains("te=chunked cl=- ", StringComparison.Ordinal));
        server.AssertSound("r.git");
    }

    [Fact]
    public async Task Servers_that_share_a_remote_lose_nothing_and_converge()
    {
        const int Each = 8;
        await using var server = await GitWebServer.StartAsync();
        var url = server.CreateSeedling();
        await using var one = await SyncHost.StartAsync(url);
        await using var two = await SyncHost.StartAsync(url);
        SyncHost[] sites = [one, two];
        await Task.WhenAll(sites.Select(async (site, n) =>
        {
            for (var i = 0; i < Each; i++)
                await PushAsync(site, $"s{n}p{i:d3}", $"text {n} {i}");
        }));
        foreach (var site in sites)
            await site.UntilAsync(() => Enumerable.Range(0, 2 * Each).All(i => site.Read($"s{i / Each}p{i % Each:d3}") == $"text {i / Each} {i % Each}"), "all pastes");
        Assert.Equal($"{(2 * Each) + 1}", server.Git("r.git", "rev-list", "--count", "main"));
        server.AssertSound("r.git");
    }

    [Fact]
    public async Task Login_is_sent_over_http_only_once_the_server_asked_and_then_at_once()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await using var site = await SyncHost.StartAsync(server.Url("git", login: $"{GitWebServer.User}:{GitWebServer.Password}@"));
        await PushAsync(site, "abcd", "ours");
        Assert.Contains(" 401 ", server.Requests[0], StringComparison.Ordinal);
        Assert.Contains(" auth=- ", server.Requests[0], StringComparison.Ordinal);
        // Fetch and push may both begin before either was let in.
        Assert.InRange(server.Requests.Count(line => line.Contains(" 401 ", StringComparison.Ordinal)), 1, 2);
    }

    [Fact]
    public async Task Token_that_only_Basic_takes_is_given_so_in_the_name_of_git()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await using var site = await SyncHost.StartAsync(server.Url("git"), new SyncHostOptions { Access = settings => settings with { Token = new HttpToken($"{GitWebServer.User}:{GitWebServer.Password}") } });
        await PushAsync(site, "abcd", "ours");
        await using var other = await SyncHost.StartAsync(server.TlsUrl("git"), new SyncHostOptions { Access = settings => settings with { Token = new HttpToken("unknown-canary"), Authorities = Authorities.ReadFile(server.AuthorityFile).Value } });
        await other.UntilAsync(() => other.Status.Problem?.Contains("refused the login (401)", StringComparison.Ordinal) == true, "the refusal");
        Assert.Contains(server.Requests, line => line.Contains("auth=Basic " + Convert.ToBase64String("git:unknown-canary"u8), StringComparison.Ordinal));
    }

    /// <summary>Text that does not become small by compression.</summary>
    public static string Noise(int length)
    {
        var random = new Random(7);
        return string.Create(length, random, static (text, random) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = (char)('!' + random.Next(90));
        });
    }

    private static async Task PushAsync(SyncHost site, string id, string text)
    {
        var ack = await site.CommitAndWaitAsync(id, text);
        Assert.True(ack is RemoteAck.Landed, $"{id}: {ack}; {string.Join(" | ", site.Log.TakeLast(20))}");
    }
}
