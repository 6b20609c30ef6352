using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Pasteur.Sync.Transports.Http;
using Pasteur.Sync.Transports.Ssh;

namespace Pasteur.Sync.Transports;

/// <summary>What carries a conversation with a Git service. One that keeps a connection between conversations ends it when disposed.</summary>
internal abstract class Transport : IAsyncDisposable
{
    /// <exception cref="StartFailedException">The settings can't be used.</exception>
    public static Transport For(RemoteSettings remote, TimeProvider time) => remote.Url switch
    {
        RemoteUrl.GitDaemon git => new GitDaemonTransport(git, time),
        RemoteUrl.LocalFolder folder => new LocalTransport(folder),
        RemoteUrl.Ssh ssh => new SshTransport(ssh, remote.Ssh),
        RemoteUrl.Http http => new HttpTransport(http, remote, time),
        _ => throw new InvalidOperationException($"No transport reaches {remote.Url}."),
    };

    /// <exception cref="IOException">The other end cannot be reached, or does not let us in; the message says why.</exception>
    public abstract ValueTask<GitConversation> ConnectAsync(GitService service, CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
