using Pasteur.Git.Objects;

namespace Pasteur.Git.Journals;

/// <summary>
/// Where each object of a journal begins. One writer adds, any number of readers look up without a lock: a slot is published by
/// writing its entry before the slot's number, and a grown table is published whole. There is a table for each first byte of an id:
/// they grow one at a time, and no growth is long enough for a request to notice.
/// </summary>
internal sealed class JournalIndex
{
    private const int InitialCapacity = 8;

    private readonly Table?[] _tables = new Table?[256];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool TryFind(ObjectId id, out long offset)
    {
        if (Volatile.Read(ref _tables[id.FirstByte]) is { } table) return table.TryFind(id, out offset);
        offset = 0;
        return false;
    }

    /// <summary>Adds an object; the first place of a name wins. Writer only.</summary>
    public void Add(ObjectId id, long offset)
    {
        ref var table = ref _tables[id.FirstByte];
        if (table is null || table.IsFull) Volatile.Write(ref table, table?.Grow() ?? new Table(InitialCapacity));
        if (table.TryAdd(id, offset)) Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Every object, in the order of the file. Writer only, or when the journal is sealed.</summary>
    public (ObjectId Id, long Offset)[] ToArray()
    {
        var all = new (ObjectId Id, long Offset)[_count];
        var filled = 0;
        foreach (var table in _tables)
        {
            if (table is null) continue;
            table.Entries.CopyTo(all.AsSpan(filled));
            filled += table.Entries.Length;
        }
        all.AsSpan().Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
        return all;
    }

    private sealed class Table(int capacity)
    {
        // Numbers of entries plus one; 0 is a free slot. Twice as many slots as entries.
        private readonly int[] _slots = new int[2 * capacity];
        private readonly (ObjectId Id, long Offset)[] _entries = new (ObjectId, long)[capacity];
        private int _count;

        /// <summary>Writer only.</summary>
        public ReadOnlySpan<(ObjectId Id, long Offset)> Entries => _entries.AsSpan(0, _count);

        public bool IsFull => _count == _entries.Length;

        public bool TryFind(ObjectId id, out long offset)
        {
            for (var slot = FirstSlot(id); ; slot = (slot + 1) & (_slots.Length - 1))
            {
                var number = Volatile.Read(ref _slots[slot]);
                if (number == 0)
                {
                    offset = 0;
                    return false;
                }
                ref var entry = ref _entries[number - 1];
                if (entry.Id != id) continue;
                offset = entry.Offset;
                return true;
            }
        }

        public bool TryAdd(ObjectId id, long offset)
        {
            var slot = FirstSlot(id);
            for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
                if (_entries[_slots[slot] - 1].Id == id) return false;
            _entries[_count] = (id, offset);
            _count++;
            Volatile.Write(ref _slots[slot], _count);
            return true;
        }

        public Table Grow()
        {
            var grown = new Table(2 * _entries.Length);
            foreach (var (id, offset) in _entries) grown.TryAdd(id, offset);
            return grown;
        }

        private int FirstSlot(ObjectId id) => id.GetHashCode() & (_slots.Length - 1);
    }
}
