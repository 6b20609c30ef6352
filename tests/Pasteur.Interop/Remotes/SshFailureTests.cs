using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Pasteur.Sync;
using Pasteur.Sync.Transports;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>SSH that breaks, stalls or refuses: it is told in one line, nothing is lost, and nothing happens twice.</summary>
public sealed class SshFailureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_that_was_cut_between_pushes_is_replaced_and_nothing_is_lost_or_doubled()
    {
        await using var server = await OpenSshServer.StartAsync();
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), server.Options());
        for (var i = 0; i < 9; i++)
        {
            if (i % 3 == 2)
                server.CutConnections();
            Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync($"abc{i}", $"ours {i}"));
        }
        Assert.Equal("10", server.Git("r.git", "rev-list", "--count", "main"));
        Assert.InRange(server.Logins, 2, 7);
        server.AssertSound("r.git");
    }

    [Theory]
    [InlineData("pre-receive", "")]
    [InlineData("reference-transaction", "[ \"$1\" = committed ] || exit 0;")]
    public async Task Push_that_was_cut_before_or_after_the_ref_moved_is_made_once(string hook, string when)
    {
        await using var server = await OpenSshServer.StartAsync();
        var url = server.CreateSeedling();
        var reached = server.Own["reached"];
        server.AddHook("r.git", hook, $"{when} [ -e {reached} ] || {{ touch {reached}; sleep 20; }}");
        await using var site = await SyncHost.StartAsync(url, server.Options());
        var waiting = site.CommitAndWaitAsync("abcd", "once");
        await site.UntilAsync(() => File.Exists(reached), "the hook");
        server.CutConnections();
        Assert.IsType<RemoteAck.Landed>(await waiting);
        Assert.Equal("2", server.Git("r.git", "rev-list", "--count", "main"));
        server.AssertSound("r.git");
    }

    [Fact]
    public async Task Server_that_went_away_gets_the_backlog_when_it_is_back()
    {
        await using var server = await OpenSshServer.StartAsync();
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), server.Options());
        await site.CommitAndWaitAsync("aaaa", "before");
        await server.StopAsync();
        for (var i = 0; i < 10; i++)
            await site.CommitAsync($"bbb{i}", "meanwhile");
        await site.UntilAsync(() => site.Status is { Backlog: 10, Problem: { } problem } && problem.Contains("Connection refused", StringComparison.Ordinal), "the backlog");
        await server.ListenAsync();
        await site.UntilSyncedAsync();
        Assert.Equal("12", server.Git("r.git", "rev-list", "--count", "main"));
    }

    [Fact]
    public async Task Connection_that_froze_is_given_up_and_replaced()
    {
        await using var server = await OpenSshServer.StartAsync();
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), server.Options() with { MaxSilence = TimeSpan.FromSeconds(3) });
        await site.CommitAndWaitAsync("aaaa", "before");
        await FreezeAsync(server);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("bbbb", "after"));
        // On a busy machine another may take too long as well.
        Assert.InRange(server.Logins, 2, 4);
    }

    [Fact]
    public async Task Kept_connection_that_froze_costs_the_next_conversation_time_and_no_more()
    {
        await using var server = await OpenSshServer.StartAsync();
        server.CreateSeedling();
        await using var transport = Transport(server.Url(), server);
        await (await transport.ConnectAsync(GitService.UploadPack, Cancel)).DisposeAsync();
        await FreezeAsync(server);
        await using var conversation = await transport.ConnectAsync(GitService.UploadPack, Cancel);
        Assert.NotEqual(0, await conversation.Advertisement.ReadAsync(new byte[100], Cancel));
    }

    [Fact]
    public async Task Missing_repository_is_told_in_the_servers_words()
    {
        await using var server = await OpenSshServer.StartAsync();
        await using var site = await SyncHost.StartAsync(server.Url("nowhere.git"), server.Options());
        await site.UntilAsync(() => site.Status.Problem?.Contains("does not appear to be a git repository", StringComparison.Ordinal) == true, "the refusal");
    }

    [Fact]
    public async Task Gitolite_says_itself_that_the_key_may_not_read()
    {
        await using var server = await GitoliteServer.StartAsync();
        await using var site = await SyncHost.StartAsync(server.UrlOf("gitolite-admin"), server.Options());
        await site.UntilAsync(() => site.Status.Problem?.Contains("DENIED by fallthru", StringComparison.Ordinal) == true, "the refusal");
    }

    [Theory]
    [InlineData("exit 3", "git-upload-pack ended with exit code 3")]
    [InlineData("printf 'go away\\n\\033[31mnow' >&2; exit 1", "go away ?[31mnow")]
    [InlineData("while :; do echo endless >&2; done", "was silent for")]
    [InlineData("echo Welcome to this machine", "does not speak the Git protocol")]
    [InlineData("exec sleep 60", "was silent for")]
    public async Task Command_that_is_not_git_is_told_in_one_line(string script, string expected)
    {
        await using var server = await OpenSshServer.StartAsync(new OpenSshOptions { ForcedCommand = script });
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), server.Options() with { MaxSilence = TimeSpan.FromSeconds(2) });
        await site.UntilAsync(() => site.Status.Problem?.Contains(expected, StringComparison.Ordinal) == true, expected);
        Assert.DoesNotContain(site.Status.Problem!, char.IsControl);
        Assert.InRange(site.Status.Problem!.Length, 1, 2500);
    }

    public static TheoryData<string, string> Peers => new()
    {
        { "nobody", "Connection refused" },
        { "a web server", "does not speak SSH" },
        { "endless lines", "does not speak SSH" },
        { "nothing", "did not let us in within" },
        { "a greeting and no more", "did not let us in within" },
        { "a greeting and the end", "no SSH connection to" },
    };

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task Peer_that_is_no_ssh_server_is_told_in_one_line(string peer, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (peer == "nobody")
            listener.Stop();
        var serving = peer == "nobody" ? Task.CompletedTask : ServeOnceAsync(listener, peer);
        await using var transport = Transport($"ssh://git@127.0.0.1:{port}/r");
        var began = Stopwatch.GetTimestamp();
        var fault = await Assert.ThrowsAsync<IOException>(async () => await transport.ConnectAsync(GitService.UploadPack, Cancel));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Limits.SshLoginTimeout + TimeSpan.FromSeconds(5));
        await serving;
    }

    [Fact]
    public async Task Unknown_host_is_told_by_its_name()
    {
        await using var transport = Transport("git@nowhere.invalid:r");
        var fault = await Assert.ThrowsAsync<IOException>(async () => await transport.ConnectAsync(GitService.UploadPack, Cancel));
        Assert.StartsWith("the name nowhere.invalid is not found", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_cannot_send_more_than_its_window_before_we_read()
    {
        await using var server = await OpenSshServer.StartAsync(new OpenSshOptions { ForcedCommand = "cd; head -c 50000000 /dev/zero; touch sent; exec sleep 60" });
        await using var transport = Transport(server.Url(), server);
        await using var conversation = await transport.ConnectAsync(GitService.UploadPack, Cancel);
        await Task.Delay(1500, Cancel);
        Assert.False(File.Exists(Path.Combine(server.Home, "sent")));
        var buffer = new byte[64 * 1024];
        for (var total = 0; total < 50_000_000;)
            total += await conversation.Advertisement.ReadAsync(buffer, Cancel) is > 0 and var count ? count : throw new EndOfStreamException();
        conversation.Abort();
    }

    [Fact]
    public async Task Aborted_conversation_ends_at_once()
    {
        await using var server = await OpenSshServer.StartAsync(new OpenSshOptions { ForcedCommand = "exec sleep 60" });
        await using var transport = Transport(server.Url(), server);
        await using var conversation = await transport.ConnectAsync(GitService.ReceivePack, Cancel);
        var reading = conversation.Advertisement.ReadAsync(new byte[1], Cancel).AsTask();
        var writing = conversation.RequestAsync(async (stream, ct) => await stream.WriteAsync(new byte[30_000_000], ct), Cancel).AsTask();
        await Task.Delay(200, Cancel);
        conversation.Abort();
        await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(TimeSpan.FromSeconds(1), Cancel));
        await Assert.ThrowsAsync<IOException>(() => writing.WaitAsync(TimeSpan.FromSeconds(1), Cancel));
    }

    private static async Task FreezeAsync(SshServer server)
    {
        foreach (var session in server.Sessions())
            await Support.Tool.RunAsync("kill", ["-STOP", session.ToString(CultureInfo.InvariantCulture)]);
    }

    private static Transport Transport(string url, SshServer? server = null)
    {
        var settings = new RemoteSettings { Url = RemoteUrl.Parse(url).Value!, Ack = AckMode.Local, PullEvery = TimeSpan.FromMinutes(1), OnRewind = Git.RewindPolicy.Replay };
        var ssh = new SshSettings { Seed = Keys.SshSeed.Read("correct-horse-battery-staple", out _) };
        return Sync.Transports.Transport.For(server?.Options().Access!(settings) ?? settings with { Ssh = ssh }, TimeProvider.System);
    }

    private static async Task ServeOnceAsync(TcpListener listener, string peer)
    {
        using var client = await listener.AcceptTcpClientAsync(Cancel);
        var stream = client.GetStream();
        try
        {
            if (peer == "a web server")
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Cancel);
            else if (peer.StartsWith("a greeting", StringComparison.Ordinal))
                await stream.WriteAsync("SSH-2.0-Fake_1.0\r\n"u8.ToArray(), Cancel);
            while (peer == "endless lines")
                await stream.WriteAsync(new byte[1024].Select(_ => (byte)'x').Append((byte)'\n').ToArray(), Cancel);
            if (peer is "nothing" or "a greeting and no more")
                await stream.CopyToAsync(Stream.Null, Cancel);
        }
        catch (IOException)
        {
            // The transport has had enough.
        }
    }
}
