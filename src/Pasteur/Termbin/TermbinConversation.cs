using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Pastes;

namespace Pasteur.Termbin;

/// <summary>One sender: its bytes become a paste, and a line is the answer.</summary>
internal sealed class TermbinConversation(Socket socket, TermbinSite site, MemoryBudget memory) : IDisposable
{
    private const int FirstBufferBytes = 16 * 1024;
    private const int DrainBytes = 1024;

    private byte[] _bytes = [];
    private int _length;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var client = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        var refusal = site.IsReadOnly ? "The site is for reading alone. Nothing was stored."
            : site.IsBanned(client) ? "This network may not paste here. Nothing was stored."
            : site.Clients.TakeWrite(client) is { } wait
            ? string.Create(CultureInfo.InvariantCulture, $"Too much came from your network in a short time. Nothing was stored; try again in {Math.Ceiling(wait.TotalSeconds)} s.")
            : await ReadAsync(cancellationToken);
        site.Clients.AddBytes(client, _length);
        var line = refusal ?? Answer(await site.Store(new NewPaste { Files = [new NewFile(null, _bytes.AsMemory(0, _length))] }, cancellationToken));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Limits.TermbinFarewell);
        await socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"), patience.Token);
        socket.Shutdown(SocketShutdown.Send);
        // Bytes that nobody took would make the system reset the connection, and the line be lost on its way.
        if (refusal is not null) await DrainAsync(patience.Token);
    }

    public void Dispose()
    {
        memory.Give(_bytes.Length);
        socket.Dispose();
    }

    /// <summary>Null once the paste is whole; else why it is none.</summary>
    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            if (_length == _bytes.Length && !TryGrow()) return "Too much at once. Nothing was stored; try again in a moment.";
            var left = Limits.BodyTime(site.MaxPasteBytes) - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return "The text did not arrive in time. Nothing was stored.";
            patience.CancelAfter(_length == 0 ? Limits.TermbinSilence : Limits.TermbinPause);
            int count;
            try
            {
                count = await socket.ReceiveAsync(_bytes.AsMemory(_length), patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                count = 0;
            }
            if (count == 0) return _length == 0 ? "There is nothing to paste: no text came." : null;
            _length += count;
            if (_length > site.MaxPasteBytes) return $"A paste has at most {Quantity.FormatSize(site.MaxPasteBytes)}.";
        }
    }

    /// <summary>One byte beyond the largest paste is enough to know that it is too large.</summary>
    private bool TryGrow()
    {
        var size = (int)Math.Min(Math.Max(FirstBufferBytes, 2L * _bytes.Length), site.MaxPasteBytes + 1L);
        if (!memory.TryTake(size)) return false;
        memory.Give(_bytes.Length);
        Array.Resize(ref _bytes, size);
        return true;
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        // There may be no room for a byte of its text: then this is not counted, and small.
        var buffer = _bytes.Length > 0 ? _bytes : new byte[DrainBytes];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
            // It goes on sending; it has had its answer.
        }
    }

    private string Answer(CreateOutcome outcome) => outcome switch
    {
        CreateOutcome.Created created => Address(created.Id),
        CreateOutcome.Busy => "Too much at once. Nothing was stored; try again in a moment.",
        CreateOutcome.Full => "The site holds as many pastes as it may. Nothing was stored.",
        CreateOutcome.Blocked => "Whoever runs this site does not want this text. Nothing was stored.",
        CreateOutcome.Unavailable => "The site takes no pastes at the moment. Nothing was stored.",
        CreateOutcome.NoneEnds refused => $"Pastes that end are not taken now ({refused.Reason}). Nothing was stored.",
        CreateOutcome.Undecided undecided => $"The remote repository has not confirmed the paste ({undecided.Reason}). It may or may not be kept. If it is, its address is {Address(undecided.Id)}",
        _ => throw new UnreachableException(),
    };

    /// <summary>The client has named no host: the one that it reached, unless a certificate says what the site is called.</summary>
    private string Address(PasteId id)
    {
        if (site.TlsOrigin is { } origin) return $"{origin}{site.BasePath}/{id}";
        var own = ((IPEndPoint)socket.LocalEndPoint!).Address;
        return $"http://{new IPEndPoint(own.IsIPv4MappedToIPv6 ? own.MapToIPv4() : own, site.SitePort)}{site.BasePath}/{id}";
    }
}
