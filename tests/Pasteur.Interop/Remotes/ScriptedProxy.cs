using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pasteur.Interop.Remotes;

/// <summary>A proxy that lets one user through (RFC 9110, sections 7.6 and 9.3.6): it tunnels for CONNECT, and passes other requests on, one a connection.</summary>
internal sealed class ScriptedProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly string _credentials;
    private int _letIn;

    public ScriptedProxy(string user, string password)
    {
        _credentials = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        _listener.Start();
        _connections.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Requests with the right credentials.</summary>
    public int LetIn => Volatile.Read(ref _letIn);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                while (await ReadHeadAsync(client.GetStream()) is { } head)
                {
                    if (head.Contains($"Proxy-Authorization: {_credentials}\r\n", StringComparison.OrdinalIgnoreCase))
                    {
                        Interlocked.Increment(ref _letIn);
                        await PassAsync(client.GetStream(), head);
                        return;
                    }
                    await SkipBodyAsync(client.GetStream(), head);
                    await client.GetStream().WriteAsync("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=proxy\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or InvalidOperationException)
            {
                // One of the three ends closed.
            }
        }
    }

    private async Task SkipBodyAsync(NetworkStream stream, string head)
    {
        const string name = "\r\nContent-Length: ";
        if (head.IndexOf(name, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            await stream.ReadExactlyAsync(new byte[int.Parse(head[(at + name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture)], _stop.Token);
    }

    private async Task PassAsync(NetworkStream near, string head)
    {
        var words = head.Split("\r\n")[0].Split(' ');
        var isTunnel = words[0] == "CONNECT";
        var port = isTunnel ? int.Parse(words[1].Split(':')[1], CultureInfo.InvariantCulture) : new Uri(words[1]).Port;
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
        var far = server.GetStream();
        if (isTunnel)
            await near.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _stop.Token);
        else
            await far.WriteAsync(Encoding.ASCII.GetBytes(head.Replace(words[1], new Uri(words[1]).PathAndQuery, StringComparison.Ordinal).Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)), _stop.Token);
        await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
    }

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return null;
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
