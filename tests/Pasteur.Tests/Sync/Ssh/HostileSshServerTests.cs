using System.Collections.Concurrent;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Pasteur.Sync.Transports.Ssh;
using static Pasteur.Tests.Sync.Ssh.ScriptedSshPeer;

namespace Pasteur.Tests.Sync.Ssh;

/// <summary>A server with the right host key, or a stranger in its place, that does what no sound one does.</summary>
public sealed class HostileSshServerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sound_conversation_is_carried()
    {
        await using var server = new ScriptedSshServer(async (peer, ct) =>
        {
            await peer.SendAsync([94, .. Number(peer.Channel), .. Text("hello")], ct);
            await peer.ReadAsync(ct, expected: 97);
        });
        await using var transport = new SshTransport(server.Url, server.Settings);
        await using var conversation = await transport.ConnectAsync(GitService.UploadPack, Cancel);
        var bytes = new byte[5];
        await conversation.Advertisement.ReadExactlyAsync(bytes, Cancel);
        Assert.Equal("hello"u8.ToArray(), bytes);
    }

    [Fact]
    public async Task Server_that_asks_without_listening_is_left()
    {
        await using var server = new ScriptedSshServer(async (peer, ct) =>
        {
            await peer.ReadAsync(ct, expected: 94);
            byte[] question = [98, .. Number(peer.Channel), .. Text("keepalive@example.org"), 1];
            while (true)
                await peer.SendAsync(question, ct);
        });
        await using var transport = new SshTransport(server.Url, server.Settings);
        await using var conversation = await transport.ConnectAsync(GitService.UploadPack, Cancel);
        // On a busy machine the flood may be noticed before the first word is out.
        var fault = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await SayAsync(conversation);
            await conversation.Advertisement.ReadAsync(new byte[1], Cancel).AsTask().WaitAsync(s_patience, Cancel);
        });
        Assert.Equal("the server asks more than it listens to", fault.Message);
    }

    [Fact]
    public async Task Connection_of_a_server_that_sends_beyond_its_window_is_not_used_again()
    {
        await using var server = new ScriptedSshServer(async (peer, ct) =>
        {
            await peer.ReadAsync(ct, expected: 94);
            byte[] data = [94, .. Number(peer.Channel), .. String(new byte[Limits.SshPacketBytes])];
            for (var sent = 0; sent <= Limits.SshWindowBytes; sent += Limits.SshPacketBytes)
                await peer.SendAsync(data, ct);
            await peer.StartCommandAsync(ct);
            await Task.Delay(Timeout.Infinite, ct);
        });
        await using var transport = new SshTransport(server.Url, server.Settings);
        await using (var conversation = await transport.ConnectAsync(GitService.UploadPack, Cancel))
        {
            var fault = await Assert.ThrowsAsync<IOException>(async () =>
            {
                await SayAsync(conversation);
                await conversation.Advertisement.CopyToAsync(new SlowStream(), Cancel).WaitAsync(s_patience, Cancel);
            });
            Assert.Equal("the server sent more than it may", fault.Message);
        }
        await (await transport.ConnectAsync(GitService.UploadPack, Cancel)).DisposeAsync();
        Assert.Equal(2, server.Connections);
    }

    // RFC 4254, section 5.3. OpenSSH ends the whole connection of who speaks of a channel that is closed.
    [Fact]
    public async Task Nothing_is_said_of_a_channel_after_its_close_however_the_two_closes_cross()
    {
        const int rounds = 300;
        var late = new ConcurrentBag<byte>();
        await using var server = new ScriptedSshServer(async (peer, ct) =>
        {
            while (true)
            {
                await peer.SendAsync([97, .. Number(peer.Channel)], ct);
                await peer.ReadAsync(ct, expected: 97);
                byte[] next;
                while ((next = await peer.ReadAsync(ct))[0] != 90)
                    late.Add(next[0]);
                await peer.OpenAsync(next, ct);
                await peer.AcceptCommandAsync(ct);
            }
        });
        await using var transport = new SshTransport(server.Url, server.Settings);
        for (var round = 0; round < rounds; round++)
        {
            var conversation = await transport.ConnectAsync(GitService.ReceivePack, Cancel);
            // The moment at which the two cross is another one each time.
            Thread.SpinWait(round * 20);
            await conversation.DisposeAsync();
        }
        Assert.Empty(late);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("opens no channel")]
    [InlineData("runs no command")]
    public async Task Server_that_falls_silent_before_the_command_runs_is_given_up_and_asked_anew(string where)
    {
        var connections = 0;
        await using var server = new ScriptedSshServer(async (peer, ct) =>
        {
            if (Interlocked.Increment(ref connections) == 1)
            {
                if (where == "runs no command")
                    await peer.OpenAsync(await peer.ReadAsync(ct, expected: 90), ct);
                await Task.Delay(Timeout.Infinite, ct);
            }
            await peer.StartCommandAsync(ct);
            await peer.ReadAsync(ct, expected: 97);
        })
        { StartsCommand = false };
        await using var transport = new SshTransport(server.Url, server.Settings);
        var fault = await Assert.ThrowsAsync<IOException>(() => transport.ConnectAsync(GitService.UploadPack, Cancel).AsTask().WaitAsync(s_patience, Cancel));
        Assert.Equal("127.0.0.1 did not start git-upload-pack within 10 s", fault.Message);
        await (await transport.ConnectAsync(GitService.UploadPack, Cancel).AsTask().WaitAsync(s_patience, Cancel)).DisposeAsync();
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Server_that_stops_reading_amid_a_push_holds_up_neither_a_fetch_nor_the_end_of_the_push()
    {
        var connections = 0;
        await using var server = new ScriptedSshServer(async (peer, ct) =>
        {
            if (Interlocked.Increment(ref connections) == 1)
                await Task.Delay(Timeout.Infinite, ct);
            await peer.ReadAsync(ct, expected: 97);
        });
        await using var transport = new SshTransport(server.Url, server.Settings);
        var push = await transport.ConnectAsync(GitService.ReceivePack, Cancel);
        var writing = push.RequestAsync(async (stream, ct) => await stream.WriteAsync(new byte[30_000_000], ct), Cancel).AsTask();
        await (await transport.ConnectAsync(GitService.UploadPack, Cancel).AsTask().WaitAsync(s_patience, Cancel)).DisposeAsync();
        Assert.Equal(2, server.Connections);
        push.Abort();
        await Assert.ThrowsAsync<IOException>(() => writing.WaitAsync(s_patience, Cancel));
        await push.DisposeAsync().AsTask().WaitAsync(s_patience, Cancel);
    }

    [Fact]
    public async Task Host_key_that_is_not_what_was_agreed_on_ends_the_tries()
    {
        await using var server = new ScriptedSshServer((_, _) => Task.CompletedTask, hostKeyBits: 384);
        var stranger = server.Settings with { HostKeys = [new HostKeyPin("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] };
        await using var transport = new SshTransport(server.Url, stranger);
        var refusal = await Assert.ThrowsAsync<IOException>(() => transport.ConnectAsync(GitService.UploadPack, Cancel).AsTask().WaitAsync(s_patience, Cancel));
        Assert.Contains("is not trusted: its host key is SHA256:", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(server.Connections, 1, 3);
    }

    // The attack begins with it: the command is under way then.
    private static async Task SayAsync(GitConversation conversation) =>
        await conversation.RequestAsync(async (stream, ct) => await stream.WriteAsync("go"u8.ToArray(), ct), Cancel);

    // Takes nothing until the server has sent all.
    private sealed class SlowStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await Task.Delay(1000, cancellationToken);
    }
}
