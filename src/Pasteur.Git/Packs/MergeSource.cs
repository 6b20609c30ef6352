using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// One of the packs that are being merged, and where its objects went: 17 bytes an object. Objects are named by their position
/// in the index, which is the order of their ids.
/// </summary>
internal sealed class MergeSource
{
    // Until an object has been written or found to be written; and for ever, when it is not wanted.
    private const long Waiting = -1;
    private const long LeftOut = -2;

    private readonly long[] _newOffsets;
    private readonly uint[] _newCrcs;
    private readonly byte[] _depths;

    public MergeSource(PackFile pack)
    {
        Pack = pack;
        _newOffsets = new long[pack.Count];
        _newCrcs = new uint[pack.Count];
        _depths = new byte[pack.Count];
        _newOffsets.AsSpan().Fill(Waiting);
    }

    public PackFile Pack { get; }

    /// <summary>Whether it has been decided what becomes of an object.</summary>
    public bool IsDecided(int position) => _newOffsets[position] != Waiting;

    /// <summary>Where an object stands in the merged pack; null when it does not, or not yet.</summary>
    public MergedPlace? PlaceOf(int position) =>
        _newOffsets[position] < 0 ? null : new MergedPlace(_newOffsets[position], _newCrcs[position], _depths[position]);

    public MergedPlace? PlaceOf(ObjectId id) => Pack.Index.TryFindPosition(id, out var position) ? PlaceOf(position) : null;

    public void SetPlace(int position, MergedPlace place) =>
        (_newOffsets[position], _newCrcs[position], _depths[position]) = (place.Offset, place.Crc32, place.Depth);

    public void LeaveOut(int position) => _newOffsets[position] = LeftOut;

    /// <summary>The pack's entries in the order of the pack.</summary>
    public PackOrder ReadOrder() => new(Pack);
}

/// <summary>Where an object stands in a merged pack, and how many deltas it is away from a whole one.</summary>
internal readonly record struct MergedPlace(long Offset, uint Crc32, byte Depth);
