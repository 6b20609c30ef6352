namespace Pasteur.Git.Protocol;

/// <summary>Reads packets from a stream. The payload stays valid until the next read.</summary>
internal sealed class PktLineReader(Stream stream)
{
    // A whole packet always fits, so the buffer never grows.
    private readonly byte[] _buffer = new byte[PktLine.MaxSize];
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>The payload of a text packet, without the line feed that may end it.</summary>
    public ReadOnlySpan<byte> Line => PktLine.TrimLine(Payload.Span);

    /// <exception cref="ConversationException">The stream ended, or holds no packet.</exception>
    public async ValueTask<PktKind> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var head = PktLine.Read(_buffer.AsSpan(_start, _end - _start));
            if (head.Status == PktStatus.Malformed) throw NotAPacket();
            if (head.Status == PktStatus.Complete)
            {
                Payload = _buffer.AsMemory(_start + PktLine.HeaderSize, head.Size - PktLine.HeaderSize);
                _start += head.Size;
                return head.Kind;
            }
            MakeRoom(head.Size);
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
            if (read == 0) throw Ended();
            _end += read;
        }
    }

    /// <summary>Reads a packet where a server may also say <c>ERR</c> and its reason (gitprotocol-pack): everywhere but inside a side-band.</summary>
    public async ValueTask<PktKind> ReadTextAsync(CancellationToken ct)
    {
        var kind = await ReadAsync(ct).ConfigureAwait(false);
        if (kind == PktKind.Data && Line.StartsWith("ERR "u8)) throw ConversationException.Refused(RemoteText.Clean(Line[4..]));
        return kind;
    }

    private void MakeRoom(int size)
    {
        if (_start + size <= _buffer.Length && _start != _end) return;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }

    private ConversationException Ended() => new(ConversationFault.Lost,
        _start == _end ? "the remote closed the connection" : "the remote closed the connection in the middle of a packet");

    private ConversationException NotAPacket()
    {
        var head = RemoteText.Clean(_buffer.AsSpan(_start, Math.Min(_end - _start, 32)));
        return ConversationException.Violation($"the remote does not speak the Git protocol here: \"{head}\" is not a packet");
    }
}
