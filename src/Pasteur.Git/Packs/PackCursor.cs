using Pasteur.Git.Zlib;

namespace Pasteur.Git.Packs;

/// <summary>
/// Reads pack entries one after another, or wherever it is sent: headers and zlib streams, knowing exactly where each ends.
/// It says what it found (see <see cref="ParseStatus"/>; incomplete means that the data ends); whether that is a fault is
/// for its user to decide, because the end of a journal may rightly be torn and the end of a pack may not.
/// </summary>
internal sealed class PackCursor
{
    private const int BufferBytes = 32 * 1024;

    // Most entries are small: the first read after a jump takes about a page, and ends where one does; later ones fill the buffer.
    private const int FirstReadBytes = 4096;
    private const int LeastReadBytes = 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly ZlibInflater _inflater = new();
    private PackData? _data;
    private long _number;
    private bool _isFirstRead;
    private long _bufferStart;
    private int _position;
    private int _filled;

    /// <summary>Where the next read begins.</summary>
    public long Position => _bufferStart + _position;

    /// <summary>What is wrong, after a malformed zlib stream.</summary>
    public string Fault => _inflater.Fault;

    public PackData Data => _data ?? throw new InvalidOperationException("The cursor has no data yet.");

    /// <summary>What was read last may stand beside what is read now: objects that were written together stand together.</summary>
    public void Open(PackData data, long offset)
    {
        var isSame = data.Number == _number && data.IsWorthKeeping;
        _isFirstRead = true;
        (_data, _number) = (data, data.Number);
        if (isSame) Seek(offset);
        else (_bufferStart, _position, _filled) = (offset, 0, 0);
    }

    /// <summary>Forgets the data, so that a kept cursor does not keep a file open.</summary>
    public void Close() => _data = null;

    public void Seek(long offset)
    {
        if (offset >= _bufferStart && offset <= _bufferStart + _filled) _position = (int)(offset - _bufferStart);
        else (_bufferStart, _position, _filled) = (offset, 0, 0);
    }

    /// <summary>
    /// Moves to the base of a delta. Bases stand closely before their deltas more often than not: what stands before this one is
    /// read along, for the base's own base.
    /// </summary>
    public void SeekBase(long offset)
    {
        var before = (int)Math.Min(offset, FirstReadBytes);
        Seek(offset);
        if (_filled != 0) return;
        var read = Data.ReadAt(offset - before, _buffer.AsSpan(0, before + FirstReadBytes));
        if (read > before) (_bufferStart, _position, _filled) = (offset - before, before, read);
    }

    /// <summary>Reads the header of the entry here and moves behind it.</summary>
    public ParseStatus ReadHeader(out PackEntryHeader header)
    {
        ParseStatus status;
        do status = PackEntryHeader.Read(_buffer.AsSpan(_position, _filled - _position), out header);
        while (status == ParseStatus.Incomplete && Fill());
        if (status == ParseStatus.Complete) _position += header.Length;
        return status;
    }

    /// <summary>Inflates the zlib stream here, which must make exactly <paramref name="destination"/>, and moves behind it.</summary>
    public ParseStatus Inflate(Span<byte> destination)
    {
        var start = Position;
        _inflater.Reset();
        ParseStatus status;
        do
        {
            status = _inflater.Inflate(_buffer.AsSpan(_position, _filled - _position), destination);
            if (status == ParseStatus.Incomplete) _position = _filled;
        }
        while (status == ParseStatus.Incomplete && Fill());
        if (status == ParseStatus.Complete) Seek(start + _inflater.Consumed);
        return status;
    }

    private static int ToPageEnd(long from)
    {
        var bytes = FirstReadBytes - (int)(from % FirstReadBytes);
        return bytes < LeastReadBytes ? bytes + FirstReadBytes : bytes;
    }

    /// <summary>Brings more bytes behind those not yet used. False at the end of the data.</summary>
    private bool Fill()
    {
        var rest = _filled - _position;
        var next = _bufferStart + _filled;
        var wanted = _filled == 0 || _isFirstRead ? Math.Min(ToPageEnd(next), BufferBytes - rest) : BufferBytes - rest;
        _isFirstRead = false;
        if (_position != 0) _buffer.AsSpan(_position, rest).CopyTo(_buffer);
        // Before the read, which may fail: what is in the buffer is looked at again by whoever opens the same data next.
        (_bufferStart, _position, _filled) = (next - rest, 0, rest);
        var read = Data.ReadAt(next, _buffer.AsSpan(rest, wanted));
        _filled += read;
        return read != 0;
    }
}
