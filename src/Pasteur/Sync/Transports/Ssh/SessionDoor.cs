using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Renci.SshNet;
using Renci.SshNet.Messages;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>
/// What SSH.NET keeps to itself and channels of our own need (docs/decisions/0009-ssh-net.md). The compiler binds these by name:
/// the package's version is pinned, and every test over SSH fails when one is gone.
/// </summary>
internal static class SessionDoor
{
    public static Session Of(BaseClient client) => (Session)GetSession(client)!;

    /// <summary>Returns once the socket has taken it.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendMessage")]
    public static extern void Send(Session session, Message message);

    /// <summary>Ends all that waits on the connection, also who is amid a write that nobody at the other end reads.</summary>
    public static void Cut(Session session) => GetSocket(session)?.Dispose();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Session")]
    [return: UnsafeAccessorType("Renci.SshNet.ISession, Renci.SshNet")]
    private static extern object? GetSession(BaseClient client);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket? GetSocket(Session session);
}
