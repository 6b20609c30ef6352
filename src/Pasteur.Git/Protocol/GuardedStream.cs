using System.Net.Sockets;

namespace Pasteur.Git.Protocol;

/// <summary>
/// One direction of a conversation under its watchdog. What goes wrong here is the connection's fault and is remembered,
/// so that code further out can tell it from a fault of the reader or writer in between.
/// </summary>
internal sealed class GuardedStream(Stream inner, Watchdog watchdog) : Stream
{
    public ConversationException? Fault { get; private set; }

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    // The watchdog's token stands for the caller's as well: it is linked to the one that the conversation was started with.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        WatchAsync(() => inner.ReadAsync(buffer, watchdog.Token));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await WatchAsync(async () =>
        {
            await inner.WriteAsync(buffer, watchdog.Token).ConfigureAwait(false);
            return buffer.Length;
        }).ConfigureAwait(false);

    public override async Task FlushAsync(CancellationToken cancellationToken) =>
        await WatchAsync(async () =>
        {
            await inner.FlushAsync(watchdog.Token).ConfigureAwait(false);
            return 0;
        }).ConfigureAwait(false);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A conversation is read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A conversation is written asynchronously.");

    public override void Flush() => throw new NotSupportedException("A conversation is written asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<int> WatchAsync(Func<ValueTask<int>> operation)
    {
        if (Fault is not null) throw Fault;
        watchdog.Wait();
        try
        {
            return await operation().ConfigureAwait(false);
        }
        catch (Exception e) when (Translate(e) is { } fault)
        {
            throw fault;
        }
        finally
        {
            watchdog.Heard();
        }
    }

    // An aborted conversation fails with whatever its socket or pipe says: why it was aborted is asked first.
    private Exception? Translate(Exception e)
    {
        if (watchdog.Verdict is { } verdict) return Fault = new(ConversationFault.Stalled, verdict, e);
        if (watchdog.Token.IsCancellationRequested) return new OperationCanceledException(e.Message, e, watchdog.Token);
        return e switch
        {
            IOException { InnerException: SocketException socket } => Lost(socket),
            // InvalidDataException: what came was compressed for the way, and damaged.
            IOException or SocketException or ObjectDisposedException or InvalidDataException => Lost(e),
            _ => null,
        };
    }

    private ConversationException Lost(Exception e) =>
        Fault = new(ConversationFault.Lost, $"the connection to the remote was lost: {e.Message}", e);
}
