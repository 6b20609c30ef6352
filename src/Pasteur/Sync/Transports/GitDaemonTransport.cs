using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports;

/// <summary>git:// : a TCP connection to git daemon. Every address of the host's name is tried in turn.</summary>
internal sealed class GitDaemonTransport(RemoteUrl.GitDaemon url, TimeProvider time) : Transport
{
    /// <exception cref="IOException">No address answers; the message says what the last one said.</exception>
    public override async ValueTask<GitConversation> ConnectAsync(GitService service, CancellationToken cancellationToken)
    {
        IOException? failure = null;
        foreach (var address in await ResolveAsync(cancellationToken))
        {
            try
            {
                return await ConnectAsync(address, service, cancellationToken);
            }
            catch (IOException e)
            {
                failure = e;
            }
        }
        throw failure ?? new IOException($"{url.Host} has no address");
    }

    // gitprotocol-pack, "Git Transport". Protocol version 2 exists for fetching alone.
    //
    //   +--------+-----------------+----+------+-----+--------------------+-----+-----+-------------+-----+
    //   | length | git-upload-pack | SP | path | NUL | host=host[:port]   | NUL | NUL | version=2   | NUL |
    //   +--------+-----------------+----+------+-----+--------------------+-----+-----+-------------+-----+
    public static byte[] Greeting(RemoteUrl.GitDaemon url, GitService service)
    {
        var host = url.Host.Contains(':', StringComparison.Ordinal) ? $"[{url.Host}]" : url.Host;
        var port = url.Port == RemoteUrl.GitPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{url.Port}");
        var request = service switch
        {
            GitService.UploadPack => $"git-upload-pack {url.Path}\0host={host}{port}\0\0version=2\0",
            GitService.ReceivePack => $"git-receive-pack {url.Path}\0host={host}{port}\0",
        };
        var payload = Encoding.UTF8.GetBytes(request);
        return [.. Encoding.ASCII.GetBytes((payload.Length + 4).ToString("x4", CultureInfo.InvariantCulture)), .. payload];
    }

    private async Task<IPAddress[]> ResolveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(url.Host, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new IOException($"the name {url.Host} is not found: {e.Message}", e);
        }
    }

    private async Task<GitConversation> ConnectAsync(IPAddress address, GitService service, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Limits.RemoteConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(new IPEndPoint(address, url.Port), both.Token);
            var stream = new NetworkStream(socket, ownsSocket: true);
            await stream.WriteAsync(Greeting(url, service), both.Token);
            return new DuplexConversation(stream, stream);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new IOException($"{Where(address)} did not answer within {Limits.RemoteConnectTimeout.TotalSeconds} s", e);
            if (e is SocketException or IOException)
                throw new IOException($"cannot connect to {Where(address)}: {e.Message}", e);
            throw;
        }
    }

    private string Where(IPAddress address)
    {
        var end = new IPEndPoint(address, url.Port);
        return url.Host == address.ToString() ? end.ToString() : $"{url.Host} ({end})";
    }
}
