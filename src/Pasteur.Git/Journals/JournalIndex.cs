using Pasteur.Git.Objects;

namespace Pasteur.Git.Journals;

/// <summary>
/// Where each object of a journal begins. One writer adds, any number of readers look up without a lock: a slot is published by
/// writing its entry before the slot's number, and a grown table is published whole.
/// </summary>
internal sealed class JournalIndex
{
    private const int InitialCapacity = 1024;

    private volatile Table _table = new(InitialCapacity);

    public int Count => _table.Count;

    public bool TryFind(ObjectId id, out long offset) => _table.TryFind(id, out offset);

    /// <summary>Adds an object; the first place of a name wins. Writer only.</summary>
    public void Add(ObjectId id, long offset)
    {
        var table = _table;
        if (table.IsFull)
        {
            table = table.Grow();
            _table = table;
        }
        table.Add(id, offset);
    }

    /// <summary>Every object, in the order of the file. Writer only, or when the journal is sealed.</summary>
    public (ObjectId Id, long Offset)[] ToArray() => _table.ToArray();

    private sealed class Table(int capacity)
    {
        // Numbers of entries plus one; 0 is a free slot. Twice as many slots as entries.
        private readonly int[] _slots = new int[2 * capacity];
        private readonly (ObjectId Id, long Offset)[] _entries = new (ObjectId, long)[capacity];
        private int _count;

        public int Count => Volatile.Read(ref _count);

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

        public void Add(ObjectId id, long offset)
        {
            var slot = FirstSlot(id);
            for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
                if (_entries[_slots[slot] - 1].Id == id) return;
            _entries[_count] = (id, offset);
            Volatile.Write(ref _slots[slot], _count + 1);
            Volatile.Write(ref _count, _count + 1);
        }

        public Table Grow()
        {
            var grown = new Table(2 * _entries.Length);
            foreach (var (id, offset) in _entries) grown.Add(id, offset);
            return grown;
        }

        public (ObjectId, long)[] ToArray() => _entries.AsSpan(0, _count).ToArray();

        private int FirstSlot(ObjectId id) => id.GetHashCode() & (_slots.Length - 1);
    }
}
