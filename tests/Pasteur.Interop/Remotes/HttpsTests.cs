using Pasteur.Configuration;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Whom an https remote must be vouched for by, and what is said when it is not.</summary>
public sealed class HttpsTests
{
    [Fact]
    public async Task Unknown_authority_is_refused_and_the_option_named()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await AssertRefusedAsync(server, server.TlsUrl("open"), "the issuer of its certificate is not known here; if you trust it, give the issuer's own certificate with --remote-ca FILE", knowsAuthority: false);
    }

    [Fact]
    public async Task Certificate_of_another_authority_of_the_file_is_refused()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        using var stranger = new TestAuthority();
        File.WriteAllText(server.AuthorityFile, stranger.Pem);
        await AssertRefusedAsync(server, server.TlsUrl("open"), "the issuer of its certificate is not known here");
    }

    [Fact]
    public async Task Expired_certificate_is_refused_with_its_date()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await AssertRefusedAsync(server, $"https://127.0.0.1:{server.ExpiredPort}/open/r.git", $"its certificate expired on {DateTime.UtcNow.AddDays(-3):yyyy-MM-dd}");
    }

    [Fact]
    public async Task Certificate_for_another_name_is_refused()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await AssertRefusedAsync(server, $"https://127.0.0.1:{server.MisnamedPort}/open/r.git", "its certificate is for another name; check the remote's URL");
    }

    [Fact]
    public async Task Server_that_speaks_no_TLS_is_told()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await AssertRefusedAsync(server, $"https://127.0.0.1:{server.Port}/open/r.git", $"no safe connection to 127.0.0.1:{server.Port}");
    }

    [Fact]
    public async Task Redirect_from_http_to_https_is_followed_and_pushed_through()
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        await using var site = await SyncHost.StartAsync(server.Url("upgrade"), Knowing(server));
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "hello"));
        Assert.DoesNotContain(server.Requests, line => line.Contains("POST /upgrade", StringComparison.Ordinal));
        server.AssertSound("r.git");
    }

    private static SyncHostOptions Knowing(GitWebServer server) => new() { Access = settings => settings with { Authorities = Authorities.ReadFile(server.AuthorityFile).Value } };

    private static async Task AssertRefusedAsync(GitWebServer server, string url, string problem, bool knowsAuthority = true)
    {
        await using var site = await SyncHost.StartAsync(url.Replace("https://", "https://alice:pass-canary@", StringComparison.Ordinal), knowsAuthority ? Knowing(server) : new SyncHostOptions());
        await site.UntilAsync(() => site.Status.Problem?.Contains(problem, StringComparison.Ordinal) == true, problem);
        Assert.False(site.Status.FirstFetchDone);
        Assert.DoesNotContain("canary", $"{site.Status} {string.Join('\n', site.Log)}", StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, line => line.Contains("auth=Basic", StringComparison.Ordinal));
    }
}
