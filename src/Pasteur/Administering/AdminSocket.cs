using System.Net.Sockets;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Administering;

/// <summary>
/// Where a running site takes the commands of <c>pasteur admin</c>: a UNIX socket in the data folder, for the folder's owner alone (mode 0600).
/// <code>
/// question  the words, with tabs between, and a line end
/// answer    "+" when it was done, else "-", and then text until the connection ends
/// </code>
/// </summary>
internal sealed class AdminSocket : IAsyncDisposable
{
    private const string Name = "admin.sock";

    private readonly string _path;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Administrator _administrator;
    private readonly Task _serving;

    private AdminSocket(string path, Socket listener, Administrator administrator)
    {
        (_path, _listener, _administrator) = (path, listener, administrator);
        _serving = ServeAsync();
    }

    /// <summary>The data folder is locked by this process: a socket that is there is an earlier run's.</summary>
    /// <returns>Null when the system lets none be made: its path may be too long.</returns>
    public static AdminSocket? Listen(string folder, Administrator administrator)
    {
        var path = Path.Combine(folder, Name);
        Socket? listener = null;
        try
        {
            File.Delete(path);
            listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            // Before it listens, so that nobody else gets in between.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
            return new AdminSocket(path, listener, administrator);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener?.Dispose();
            return null;
        }
    }

    /// <summary>Asks the site that runs on a data folder.</summary>
    /// <returns>Null when none listens there.</returns>
    public static async Task<AdminAnswer?> AskAsync(string folder, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, Name)), cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return null;
        }
        await socket.SendAsync(Encoding.UTF8.GetBytes(string.Join('\t', words) + "\n"), cancellationToken);
        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellationToken) is > 0 and var count) answer.Write(buffer, 0, count);
        var text = Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
        return text.Length == 0 ? new AdminAnswer(false, "the site ended before it answered\n") : new AdminAnswer(text[0] == '+', text[1..]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is gone, or read-only: the next start takes away what is left.
        }
    }

    // One at a time: there is one administrator.
    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await _listener.AcceptAsync(_stop.Token);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                patience.CancelAfter(Limits.AdminPatience);
                await AnswerAsync(socket, patience);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The site stops, or whoever asked is gone.
            }
        }
    }

    private async Task AnswerAsync(Socket socket, CancellationTokenSource patience)
    {
        var cancellationToken = patience.Token;
        var buffer = new byte[Limits.MaxAdminCommandBytes];
        var length = 0;
        while (length < buffer.Length && !buffer.AsSpan(0, length).Contains((byte)'\n'))
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (count == 0) return;
            length += count;
        }
        var words = Encoding.UTF8.GetString(buffer, 0, length).Split('\n')[0].Split('\t');
        if (words[0] is "erase" or "replace-certificate" or "replace-account-key") patience.CancelAfter(Limits.ErasePatience);
        var answer = await _administrator.DoAsync(words, cancellationToken);
        var bytes = Encoding.UTF8.GetBytes((answer.IsDone ? "+" : "-") + answer.Text);
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
    }
}
