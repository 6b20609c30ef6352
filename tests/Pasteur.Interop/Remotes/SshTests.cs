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

    [Fact]
    public async Task Gitolite_takes_pastes_where_the_key_may_write()
    {
        await using var server = await GitoliteServer.StartAsync();
        await using var site = await SyncHost.StartAsync(server.UrlOf("testing"), server.Options());
        for (var i = 0; i < 3; i++)
            Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync($"abc{i}", $"ours {i}"));
        Assert.Equal("ours 2", StockGit.Run(server.PathOf("testing"), "cat-file", "-p", "main:a/b/c/abc2/paste.txt"));
        Assert.Equal("3", StockGit.Run(server.PathOf("testing"), "rev-list", "--count", "main"));
    }

    [Fact]
    public async Task Variable_of_the_protocol_is_sent_for_fetching_alone()
    {
        using var folder = new TemporaryFolder();
        await using var server = await OpenSshServer.StartAsync(new OpenSshOptions { ForcedCommand = $"echo \"$GIT_PROTOCOL $SSH_ORIGINAL_COMMAND\" >>{folder["asked"]}; {OnlyGit}" });
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), server.Options());
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "text"));
        var asked = File.ReadAllLines(folder["asked"]);
        Assert.Contains($"version=2 git-upload-pack '{server.Path("r.git")}'", asked);
        Assert.Contains($" git-receive-pack '{server.Path("r.git")}'", asked);
    }

    [Theory]
    [InlineData("it's here!.git")]
    [InlineData("$(touch marker) `touch marker`; touch marker #.git")]
    [InlineData("two  spaces\\ and \"quotes\".git")]
    public async Task Path_reaches_git_as_it_was_given_whatever_the_shell_makes_of_its_characters(string name)
    {
        await using var server = await OpenSshServer.StartAsync(new OpenSshOptions { ForcedCommand = "cd; eval \"$SSH_ORIGINAL_COMMAND\"" });
        server.MakeSeedling(name);
        var url = $"ssh://git@127.0.0.1:{server.Port}{server.Folder}/{Uri.EscapeDataString(name)}";
        await using var site = await SyncHost.StartAsync(url, server.Options());
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "text"));
        Assert.Empty(Directory.GetFiles(server.Home, "marker"));
    }

    [Theory]
    [InlineData("git-shell")]
    [InlineData("keys exchanged anew after each megabyte")]
    [InlineData("dropbear")]
    public async Task Large_pastes_pass_in_both_directions(string kind)
    {
        await using var server = await StartAsync(kind);
        var url = server.CreateSeedling();
        var text = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(9_000_000));
        await using var one = await SyncHost.StartAsync(url, server.Options());
        Assert.IsType<RemoteAck.Landed>(await one.CommitAndWaitAsync("abcd", text));
        await using var two = await SyncHost.StartAsync(url, server.Options());
        await two.UntilAsync(() => two.Read("abcd") == text, "the large paste");
        server.AssertSound("r.git");
    }

    private static async Task<SshServer> StartAsync(string kind) => kind switch
    {
        "dropbear" => await DropbearServer.StartAsync(),
        "forced command" => await OpenSshServer.StartAsync(new OpenSshOptions { ForcedCommand = OnlyGit }),
        "keys exchanged anew after each megabyte" => await OpenSshServer.StartAsync(new OpenSshOptions { Config = ["AcceptEnv GIT_PROTOCOL", "RekeyLimit 1M"] }),
        _ => await OpenSshServer.StartAsync(),
    };
}
