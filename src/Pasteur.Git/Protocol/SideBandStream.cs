namespace Pasteur.Git.Protocol;

// gitprotocol-pack, "Packfile Data"; gitprotocol-capabilities, "side-band-64k".
//
//   +------------+------+----------------------+
//   | pkt length | band | up to 65,515 bytes   |   band 1: data   2: messages for people   3: the error that ends it all
//   +------------+------+----------------------+
//   A flush packet ends the stream.

/// <summary>The data of band 1 as a stream; messages are gathered beside it.</summary>
internal sealed class SideBandStream(PktLineReader reader, RemoteMessages messages, long maxBytes) : Stream
{
    private ReadOnlyMemory<byte> _rest;
    private bool _ended;
    private int _emptyPackets;

    /// <summary>What ended the stream early, so that it can be told from a fault of its reader.</summary>
    public ConversationException? Fault { get; private set; }

    public long BytesReceived { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (_rest.IsEmpty && !_ended) await ReadPacketAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ConversationException e)
        {
            Fault = e;
            throw;
        }
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <summary>Reads on to the end once the data's reader has what it came for. The server may add messages, not data.</summary>
    public async ValueTask ReadToEndAsync(CancellationToken ct)
    {
        for (long surplus = _rest.Length; !_ended; surplus += _rest.Length)
        {
            if (surplus > GitLimits.MaxBytesAfterPack) throw ConversationException.Violation("the remote sends data after the end of the pack");
            await ReadPacketAsync(ct).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A conversation is read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask ReadPacketAsync(CancellationToken ct)
    {
        _rest = default;
        var kind = await reader.ReadAsync(ct).ConfigureAwait(false);
        _ended = kind == PktKind.Flush;
        if (_ended) return;
        if (kind != PktKind.Data) throw ConversationException.Violation("the remote ended a side-band with the wrong packet");
        var data = reader.Payload.IsEmpty ? reader.Payload : reader.Payload[1..];
        if (!data.IsEmpty) _emptyPackets = 0;
        else if (++_emptyPackets > GitLimits.MaxEmptyPacketsInARow) throw ConversationException.Violation("the remote sends empty packets without end");
        if (!reader.Payload.IsEmpty) Take(reader.Payload.Span[0], data);
    }

    private void Take(byte band, ReadOnlyMemory<byte> data)
    {
        switch (band)
        {
            case 1:
                BytesReceived += data.Length;
                if (BytesReceived > maxBytes) throw new ConversationException(ConversationFault.TooLarge, $"the remote sends more than the {maxBytes} bytes that are accepted at once");
                _rest = data;
                break;
            case 2:
                messages.Add(data.Span);
                break;
            case 3:
                throw ConversationException.Refused(RemoteText.Clean(data.Span.TrimEnd((byte)'\n')));
            default:
                throw ConversationException.Violation($"the remote uses side-band {band}, which does not exist");
        }
    }
}
