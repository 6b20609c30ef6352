namespace Pasteur.Git.Packs;

/// <summary>A pack in memory, grown by one writer while others read what is there already.</summary>
internal sealed class MemoryPackData : PackData
{
    public const int LargeSegmentBytes = 256 * 1024;

    // Replaced, never changed, when a segment is added; its bytes are written before the length that admits readers to them.
    private byte[][] _segments = [];
    private long _length;

    private readonly int _segmentBytes;

    public MemoryPackData(string name, int segmentBytes = LargeSegmentBytes)
        : base(name)
    {
        _segmentBytes = segmentBytes;
    }

    public override long Length => Volatile.Read(ref _length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var length = _length;
        while (!bytes.IsEmpty)
        {
            var (index, within) = ((int)(length / _segmentBytes), (int)(length % _segmentBytes));
            if (index == _segments.Length) Volatile.Write(ref _segments, [.. _segments, new byte[_segmentBytes]]);
            var run = Math.Min(bytes.Length, _segmentBytes - within);
            bytes[..run].CopyTo(_segments[index].AsSpan(within));
            bytes = bytes[run..];
            length += run;
        }

        Volatile.Write(ref _length, length);
    }

    /// <summary>Replaces bytes that no reader looks at yet, such as a pack's object count before it is published.</summary>
    public void Overwrite(long offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + bytes.Length, _length);
        foreach (var value in bytes)
        {
            _segments[offset / _segmentBytes][offset % _segmentBytes] = value;
            offset++;
        }
    }

    public override int ReadAt(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var available = (int)Math.Clamp(Length - offset, 0, destination.Length);
        var segments = Volatile.Read(ref _segments);
        for (var total = 0; total < available;)
        {
            var (index, within) = ((int)((offset + total) / _segmentBytes), (int)((offset + total) % _segmentBytes));
            var run = Math.Min(available - total, _segmentBytes - within);
            segments[index].AsSpan(within, run).CopyTo(destination[total..]);
            total += run;
        }

        return available;
    }

    public override void Dispose()
    {
        // Memory is the garbage collector's; readers may still hold it.
    }
}
