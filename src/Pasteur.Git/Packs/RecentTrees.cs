using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// The trees that one reader has read last, by where they stand. The versions of a tree are deltas of each other, up to 40 in a row, and who
/// walks a history reads one after the other: each is then one delta away from what is here. One slot for each place; the bytes are bounded.
/// </summary>
/// <param name="slotBits">So many places, as a power of two.</param>
internal sealed class RecentTrees(int slotBits, int maxBytes)
{
    private const int MaxTreeBytes = 16 << 10;

    private readonly Slot[] _slots = new Slot[1 << slotBits];
    private int _bytes;

    /// <summary>For one look at a time.</summary>
    public static RecentTrees Few() => new(slotBits: 10, maxBytes: 1 << 20);

    /// <summary>For a walk through a whole history: the folders of pastes, too, are then at hand when the next paste comes to them.</summary>
    public static RecentTrees Many() => new(slotBits: 14, maxBytes: 16 << 20);

    private readonly record struct Slot(long Data, long Offset, byte[] Content);

    /// <summary>The content of the tree whose entry begins there, or null.</summary>
    public byte[]? Find(PackData data, long offset)
    {
        ref readonly var slot = ref _slots[Place(offset)];
        return slot.Offset == offset && slot.Data == data.Number ? slot.Content : null;
    }

    /// <param name="content">It must not change any more.</param>
    public void Add(PackData data, long offset, byte[] content)
    {
        if (content.Length > MaxTreeBytes) return;
        if (_bytes + content.Length > maxBytes)
        {
            Array.Clear(_slots);
            _bytes = 0;
        }
        ref var slot = ref _slots[Place(offset)];
        _bytes += content.Length - (slot.Content?.Length ?? 0);
        slot = new Slot(data.Number, offset, content);
    }

    // Entries stand some dozens of bytes apart.
    private int Place(long offset) => (int)((ulong)offset * 0x9E3779B97F4A7C15 >> (64 - slotBits));
}
