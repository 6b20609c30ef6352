using Pasteur.Configuration;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>A conversation with a command at the other end.</summary>
internal sealed class SshConversation(SshConnection connection, SshChannel channel, GitService service)
    : DuplexConversation(new ChannelStream(channel), new ChannelStream(channel))
{
    public override async ValueTask<string?> ReadLastWordsAsync()
    {
        await channel.WaitForEndAsync(Limits.ProcessExitGrace);
        if (channel.ErrorText is { Length: > 0 } words)
            return words;
        return channel.ExitStatus is > 0 and var status ? $"{RemoteCommand.Name(service)} ended with exit code {status}" : null;
    }

    public override void Abort()
    {
        channel.End("the conversation was ended here");
        // It may be the whole connection that is stuck.
        connection.Retire();
    }

    public override async ValueTask DisposeAsync()
    {
        await channel.CloseAsync(Limits.ProcessExitGrace);
        connection.Release(channel);
        await base.DisposeAsync();
    }
}
