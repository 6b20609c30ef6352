using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary>What is given to the program in confidence can be read nowhere while it runs: not in its log, its health, its output or its process's arguments.</summary>
public sealed class SecretTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--auth", "ada:canary-1", "--remote", "http://alice:pass-word-canary@HOST/git/r.git")]
    [InlineData("--auth=ada:canary-1", "--remote-token", "alice:pass-word-canary", "--remote", "http://HOST/git/r.git")]
    [InlineData("--remote-token=pass-word-canary", "-r", "http://alice@HOST/git/r.git")]
    [InlineData("-r", "http://wrong:canary-2@HOST/git/r.git")]
    [InlineData("-r", "http://canary-3@HOST/echo/r.git")]
    public async Task Secret_on_the_command_line_is_gone_once_it_is_read(params string[] arguments)
    {
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        string[] given = [.. arguments.Select(a => a.Replace("HOST", $"127.0.0.1:{server.Port}", StringComparison.Ordinal)), "--data", _folder["data"], "--log-level", "debug"];
        await using var site = await PasteurProcess.ServeAsync(given);
        for (var tries = 0; !site.Errors.Any(line => line.Contains("fetch", StringComparison.Ordinal)); tries++)
        {
            Assert.True(tries < 300, "no fetch within 30 s");
            await Task.Delay(100, Cancel);
        }

        var seen = await File.ReadAllTextAsync($"/proc/{site.Id}/cmdline", Cancel);
        Assert.Contains("--log-level\0debug\0", seen, StringComparison.Ordinal);
        Assert.Contains($"@127.0.0.1:{server.Port}/".TrimStart(given.Any(a => a.Contains('@', StringComparison.Ordinal)) ? ' ' : '@'), seen, StringComparison.Ordinal);
        var health = await (await site.GetAsync("healthz")).Content.ReadAsStringAsync(Cancel);
        var said = string.Join('\n', [seen, health, .. site.Output, .. site.Errors]);
        Assert.DoesNotContain("canary", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("alice", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_of_the_environment_is_used_with_its_login_and_that_is_never_shown()
    {
        await using var proxy = new ScriptedProxy("bob", "proxy-canary");
        await using var server = await GitWebServer.StartAsync();
        server.CreateSeedling();
        foreach (var (url, login, isLetIn) in ((string, string, bool)[])[(server.Url("open"), "bob:proxy-canary", true), (server.TlsUrl("open"), "bob:proxy-canary", true), (server.TlsUrl("open"), "bob:wrong-canary", false)])
        {
            var uses = proxy.LetIn;
            var address = $"http://{login}@127.0.0.1:{proxy.Port}";
            await using var site = PasteurProcess.Start(
                new Dictionary<string, string?> { ["http_proxy"] = address, ["https_proxy"] = address, ["no_proxy"] = null },
                ["--data", _folder[Guid.NewGuid().ToString("n")], "--port", "0", "-r", url, "--remote-ca", server.AuthorityFile, "--log-level", "debug"]);
            for (var tries = 0; !site.Errors.Any(line => line.Contains("fetch", StringComparison.Ordinal)); tries++)
            {
                Assert.True(tries < 300, "no fetch within 30 s");
                await Task.Delay(100, Cancel);
            }
            var said = string.Join('\n', [.. site.Output, .. site.Errors]);
            Assert.Equal(isLetIn, said.Contains("fetched ", StringComparison.Ordinal));
            Assert.Equal(isLetIn, proxy.LetIn > uses);
            if (!isLetIn)
                Assert.Contains("407", said, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", said, StringComparison.Ordinal);
        }
    }
}
