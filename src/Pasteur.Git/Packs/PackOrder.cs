namespace Pasteur.Git.Packs;

/// <summary>The entries of a pack in the order of the pack: each with its place in the index, and its length.</summary>
internal sealed class PackOrder
{
    private readonly long[] _offsets;
    private readonly int[] _positions;
    private readonly PackFile _pack;
    private readonly long _end;

    public PackOrder(PackFile pack)
    {
        _pack = pack;
        _offsets = new long[pack.Count];
        _positions = new int[pack.Count];
        for (var n = 0; n < pack.Count; n++) (_offsets[n], _positions[n]) = (pack.Index.OffsetAt(n), n);
        Array.Sort(_offsets, _positions);
        _end = pack.Data.Length - Objects.ObjectId.Size;
        if (pack.Count > 0 && (_offsets[0] < PackHeader.Length || _offsets[^1] >= _end)) throw new GitDataException(pack.Index.Name, "it names entries outside of its pack", PackIndex.Remedy);
    }

    public int Count => _offsets.Length;

    public long OffsetAt(int n) => _offsets[n];

    public int PositionAt(int n) => _positions[n];

    /// <summary>Bytes up to the next entry, or to the trailer.</summary>
    public long LengthAt(int n)
    {
        var length = (n + 1 < _offsets.Length ? _offsets[n + 1] : _end) - _offsets[n];
        return length > 0 ? length : throw new GitDataException(_pack.Index.Name, $"it names two entries at {_offsets[n]}", PackIndex.Remedy);
    }

    /// <summary>Which entry begins at an offset; negative when none does.</summary>
    public int Find(long offset) => Array.BinarySearch(_offsets, offset);
}
