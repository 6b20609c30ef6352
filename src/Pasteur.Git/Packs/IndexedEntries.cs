using System.Runtime.InteropServices;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>The entries of a pack being indexed, in the order of the pack, and which is a delta of which.</summary>
internal sealed class IndexedEntries
{
    // Entries stand in runs, which stay where they are: one array that doubles would be copied time and again, and half empty
    // at the end. The header's count is not believed before the entries are here.
    private const int RunShift = 10;
    private const int RunEntries = 1 << RunShift;

    private readonly List<IndexedEntry[]> _runs = [];

    // Reference deltas whose base has not been made yet: the first of those that want an id.
    private readonly Dictionary<ObjectId, int> _waiting = [];

    public int Count { get; private set; }

    public ref IndexedEntry this[int n] => ref _runs[n >> RunShift][n & (RunEntries - 1)];

    /// <summary>Adds an entry; false when the base of an offset delta is not the beginning of an earlier one.</summary>
    public bool TryAdd(long offset, PackEntryHeader header)
    {
        var number = Count;
        var entry = new IndexedEntry
        {
            Offset = offset,
            Size = (int)header.Size,
            HeaderLength = (byte)header.Length,
            Type = header.Type,
            Base = IndexedEntry.None,
            FirstChild = IndexedEntry.None,
            NextSibling = IndexedEntry.None,
        };
        if (header.Type == PackEntryType.OffsetDelta)
        {
            entry.Base = Find(offset - header.BaseDistance);
            if (entry.Base < 0) return false;
            entry.NextSibling = this[entry.Base].FirstChild;
            this[entry.Base].FirstChild = number;
        }
        else if (header.Type == PackEntryType.ReferenceDelta)
        {
            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, header.BaseId, out var exists);
            entry.NextSibling = exists ? first : IndexedEntry.None;
            first = number;
        }

        if (number == _runs.Count << RunShift) _runs.Add(new IndexedEntry[RunEntries]);
        this[number] = entry;
        Count++;
        return true;
    }

    /// <summary>The id of an entry is known, and all entries are here: the reference deltas that want it become its children.</summary>
    public void Adopt(int number)
    {
        if (!_waiting.Remove(this[number].Id, out var child)) return;
        while (child != IndexedEntry.None)
        {
            ref var entry = ref this[child];
            var next = entry.NextSibling;
            entry.Base = number;
            entry.NextSibling = this[number].FirstChild;
            this[number].FirstChild = child;
            child = next;
        }
    }

    /// <summary>Whether deltas want an id that no entry has turned out to be.</summary>
    public bool IsMissing(ObjectId id) => _waiting.ContainsKey(id);

    /// <summary>All such ids, those first whose deltas came first.</summary>
    public ObjectId[] MissingInOrder()
    {
        ObjectId[] ids = [.. _waiting.Keys];
        int[] firsts = Array.ConvertAll(ids, id => Oldest(_waiting[id]));
        Array.Sort(firsts, ids);
        return ids;
    }

    /// <summary>The lines of the index. Every entry must have been made.</summary>
    public PackIndexEntry[] ToIndex()
    {
        var lines = new PackIndexEntry[Count];
        for (var n = 0; n < lines.Length; n++) lines[n] = new PackIndexEntry(this[n].Id, this[n].Offset, this[n].Crc32);
        Array.Sort(lines);
        return lines;
    }

    private int Oldest(int child)
    {
        // Each newcomer was put at the head.
        while (this[child].NextSibling != IndexedEntry.None) child = this[child].NextSibling;
        return child;
    }

    private int Find(long offset)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = offset.CompareTo(this[middle].Offset);
            if (order == 0) return middle;
            if (order < 0) high = middle - 1;
            else low = middle + 1;
        }

        return IndexedEntry.None;
    }
}
