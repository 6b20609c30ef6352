using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pasteur.Tests.Sync.Http;

/// <summary>A request's head as it came, and the connection it came on: what is answered, and whether the body is heard first, is the script's matter.</summary>
internal sealed record ScriptedRequest(string Head, TcpClient Client)
{
    public string Line => Head.Split("\r\n")[0];

    public string? Header(string name) => Head.Split("\r\n").Skip(1).FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    public async Task SendAsync(string text, CancellationToken ct) => await SendAsync(Encoding.UTF8.GetBytes(text), ct);

    public async Task SendAsync(byte[] bytes, CancellationToken ct) => await Client.GetStream().WriteAsync(bytes, ct);

    /// <summary>A whole answer with its length.</summary>
    public Task AnswerAsync(string status, string type, byte[] body, CancellationToken ct) =>
        SendAsync([.. Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body], ct);

    /// <summary>Hears the body as its header says: by length or in chunks.</summary>
    public async Task<byte[]> HearBodyAsync(CancellationToken ct)
    {
        if (Header("Content-Length") is { } length)
            return await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture), ct);
        if (Header("Expect") is not null)
            await SendAsync("HTTP/1.1 100 Continue\r\n\r\n", ct);
        using var body = new MemoryStream();
        while (int.Parse(await ReadLineAsync(ct), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.Write(await ReadAsync(size, ct));
            await ReadLineAsync(ct);
        }
        await ReadLineAsync(ct);
        return body.ToArray();
    }

    /// <summary>Ends the connection so that the other end sees a reset.</summary>
    public void Reset()
    {
        Client.LingerState = new LingerOption(true, 0);
        Client.Close();
    }

    private async Task<byte[]> ReadAsync(int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        await Client.GetStream().ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    private async Task<string> ReadLineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            line.Append((char)(await ReadAsync(1, ct))[0]);
        return line.ToString().TrimEnd();
    }
}

/// <summary>A web server over plain TCP that does what its script says at each request, sound or not.</summary>
internal sealed class ScriptedWebServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<ScriptedRequest, CancellationToken, Task> _script;

    public ScriptedWebServer(Func<ScriptedRequest, CancellationToken, Task> script)
    {
        _script = script;
        _listener.Start();
        _connections.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<ScriptedRequest> Requests { get; } = new();

    public int Connections => _connections.Count - 1;

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
                    var request = new ScriptedRequest(head, client);
                    Requests.Enqueue(request);
                    await _script(request, _stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or InvalidOperationException)
            {
                // The script closed the connection, the client did, or the test is over.
            }
        }
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
