using Pasteur.Configuration;
using Pasteur.Keys;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>The sync over SSH against the servers that people run.</summary>
public sealed class SshTests
{
    private const string OnlyGit = "exec git-shell -c \"$SSH_ORIGINAL_COMMAND\"";

    [Theory]
    [InlineData("git-shell")]
    [InlineData("forced command")]
    [InlineData("dropbear")]
    public async Task Pastes_go_there_and_those_of_others_come_back(string kind)
    {
        await using var server = await StartAsync(kind);
        var url = server.CreateSeedling();
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(url, server.Options(folder["data"]));
        for (var i = 0; i < 3; i++)
        {
            server.PushForeign("r.git", $"x/y/z/xyz{i}/paste.txt", $"foreign {i}");
            await site.UntilAsync(() => site.Read($"xyz{i}") == $"foreign {i}", "the foreign paste");
            Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync($"abc{i}", $"ours {i}"));
        }
        Assert.Equal("7", server.Git("r.git", "rev-list", "--count", "main"));
        Assert.Equal("ours 2", server.Git("r.git", "cat-file", "-p", "main:a/b/c/abc2/paste.txt"));
        Assert.Null(site.Status.Problem);
        server.AssertSound("r.git");
    }

    [Fact]
    public async Task Thirty_pushes_and_many_fetches_share_one_connection()
    {
        await using var server = await OpenSshServer.StartAsync();
        var url = server.CreateSeedling();
        await using (var site = await SyncHost.StartAsync(url, server.Options()))
        {
            for (var i = 0; i < 30; i++)
                Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync($"abc{i:d2}", "text"));
            Assert.Single(server.Sessions());
        }
        Assert.Equal("31", server.Git("r.git", "rev-list", "--count", "main"));
        Assert.Equal(1, server.Logins);
        for (var tries = 0; server.Sessions().Length > 0; tries++)
        {
            Assert.True(tries < 100, "the connection outlives the site");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<SshServer> StartAsync(string kind) => kind switch
    {
        "dropbear" => await DropbearServer.StartAsync(),
        "forced command" => await OpenSshServer.StartAsync(new OpenSshOptions { ForcedCommand = OnlyGit }),
        _ => await OpenSshServer.StartAsync(),
    };
}
