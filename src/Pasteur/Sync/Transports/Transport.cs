using Pasteur.Configuration;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports;

/// <summary>Which transport reaches which kind of remote.</summary>
internal static class Transport
{
    public static GitRemote Open(RemoteUrl url, TimeProvider time, GitRemoteOptions options) => new(url switch
    {
        RemoteUrl.GitDaemon git => new GitDaemonTransport(git, time).ConnectAsync,
        RemoteUrl.LocalFolder folder => new LocalTransport(folder).ConnectAsync,
        _ => throw new InvalidOperationException($"No transport reaches {url}."),
    }, options);
}
