using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using Pasteur.Configuration;

namespace Pasteur.Web.Requests;

/// <summary>What came of reading a body.</summary>
internal abstract record BodyOutcome
{
    private BodyOutcome() { }

    /// <summary>Whole. The reader disposes of it once nothing looks at its bytes any more.</summary>
    public sealed record Whole(RequestBody Body) : BodyOutcome;

    /// <summary>More than allowed. The rest was not read; the connection closes after the answer.</summary>
    public sealed record TooLong : BodyOutcome;

    /// <summary>It stopped arriving, or came so slowly that it kept memory from others for too long.</summary>
    public sealed record Stopped : BodyOutcome;

    /// <summary>Too many bodies are being read at once.</summary>
    public sealed record Busy : BodyOutcome;
}

/// <summary>
/// A request's body, read into one pooled buffer that grows with what arrives, never with what a header promises: a client that
/// says "3 MiB" and sends nothing costs a few kilobytes.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private readonly MemoryBudget _budget;
    private byte[] _buffer;
    private int _length;

    private RequestBody(MemoryBudget budget, byte[] buffer)
    {
        _budget = budget;
        _buffer = buffer;
    }

    /// <summary>Valid until disposed, and the caller's to change: forms are decoded in place.</summary>
    public Memory<byte> Bytes => _buffer.AsMemory(0, _length);

    public static ValueTask<BodyOutcome> ReadAsync(HttpContext context, long maxBytes, MemoryBudget budget) =>
        ReadAsync(context, maxBytes, budget, Limits.BodyTime(maxBytes));

    /// <param name="time">How long it may take to arrive, however steadily it comes.</param>
    public static async ValueTask<BodyOutcome> ReadAsync(HttpContext context, long maxBytes, MemoryBudget budget, TimeSpan time)
    {
        if (context.Request.ContentLength > maxBytes) return Leave(context);
        if (!budget.TryTake(Limits.FirstBodyBufferBytes)) return new BodyOutcome.Busy();
        var body = new RequestBody(budget, ArrayPool<byte>.Shared.Rent(Limits.FirstBodyBufferBytes));
        var isRead = false;
        try
        {
            var outcome = await body.FillAsync(context, maxBytes, time).ConfigureAwait(false);
            isRead = outcome is BodyOutcome.Whole;
            return outcome;
        }
        finally
        {
            if (!isRead) body.Dispose();
        }
    }

    public void Dispose()
    {
        if (_buffer.Length == 0) return;
        _budget.Give(_buffer.Length);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private static BodyOutcome.TooLong Leave(HttpContext context)
    {
        LastAnswer.Announce(context);
        return new BodyOutcome.TooLong();
    }

    // The server's own least rate is an average over the whole body: one that sent megabytes at once could then rest for hours, and keep
    // its share of the budget.
    private async ValueTask<BodyOutcome> FillAsync(HttpContext context, long maxBytes, TimeSpan time)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            return await FillAsync(context, maxBytes, time, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            LastAnswer.Announce(context);
            // The server would go on reading a body that does not come, and log that it cannot: the connection ends once the answer is out.
            context.Response.OnCompleted(static async state =>
            {
                await Task.Delay(Limits.StalledFarewell).ConfigureAwait(false);
                ((HttpContext)state).Abort();
            }, context);
            return new BodyOutcome.Stopped();
        }
    }

    private async ValueTask<BodyOutcome> FillAsync(HttpContext context, long maxBytes, TimeSpan time, CancellationTokenSource patience)
    {
        var started = Stopwatch.GetTimestamp();
        var reader = context.Request.BodyReader;
        while (true)
        {
            var left = time - Stopwatch.GetElapsedTime(started);
            patience.CancelAfter(left <= TimeSpan.Zero ? TimeSpan.Zero : left < Limits.BodySilence ? left : Limits.BodySilence);
            var result = await reader.ReadAsync(patience.Token).ConfigureAwait(false);
            var arrived = result.Buffer;
            if (_length + arrived.Length > maxBytes)
            {
                reader.AdvanceTo(arrived.Start);
                return Leave(context);
            }
            if (!TryReserve((int)arrived.Length))
            {
                reader.AdvanceTo(arrived.Start);
                LastAnswer.Announce(context);
                return new BodyOutcome.Busy();
            }
            arrived.CopyTo(_buffer.AsSpan(_length));
            _length += (int)arrived.Length;
            reader.AdvanceTo(arrived.End);
            if (result.IsCompleted) return new BodyOutcome.Whole(this);
        }
    }

    private bool TryReserve(int bytes)
    {
        if (_buffer.Length - _length >= bytes) return true;
        // The pool hands out powers of two, so what is asked of the budget is what will be held.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)(_length + bytes));
        if (!_budget.TryTake(size)) return false;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Bytes.Span.CopyTo(larger);
        _budget.Give(_buffer.Length);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        return true;
    }
}
