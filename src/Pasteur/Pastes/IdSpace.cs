using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// How long a new id is: as long as the settings say, and one character longer whenever more than a thousandth of all ids of that
/// length is used, so that guessing stays hopeless and draws seldom collide. Only short ids can ever fill up, so only they are counted.
/// </summary>
internal sealed class IdSpace(int length, TimeProvider time)
{
    private readonly Lock _turn = new();
    private readonly Dictionary<ObjectId, int> _known = [];
    private int _length = length;
    private long _used;
    private long _countedAt;
    private bool _isCounted;

    /// <summary>The length of the next id. Counts again, at most once a second, what lies in the trees: others push there too.</summary>
    public int LengthFor(Snapshot snapshot, IEnumerable<ObjectId> tips)
    {
        if (Volatile.Read(ref _length) > Limits.LongestCrowdedIdLength) return _length;
        lock (_turn)
        {
            if (!_isCounted || time.GetElapsedTime(_countedAt) > Limits.IdCountEvery) Count(snapshot, tips);
            while (_length <= Limits.LongestCrowdedIdLength && _used * 1000 > Capacity(_length))
            {
                Volatile.Write(ref _length, _length + 1);
                _known.Clear();
                if (_length <= Limits.LongestCrowdedIdLength) Count(snapshot, tips);
            }
            return _length;
        }
    }

    public void Added(PasteId id)
    {
        if (id.Length > Limits.LongestCrowdedIdLength) return;
        lock (_turn)
        {
            if (id.Length == _length) _used++;
        }
    }

    private static long Capacity(int length) => 1L << (5 * length);

    private void Count(Snapshot snapshot, IEnumerable<ObjectId> tips)
    {
        if (_known.Count > Limits.MaxCountedFolders) _known.Clear();
        _used = tips.Select(snapshot.ReadCommit).Sum(commit => (long)CountIn(snapshot, commit.Tree, depth: 0));
        _countedAt = time.GetTimestamp();
        _isCounted = true;
    }

    /// <summary>Trees never change, so what one holds is counted once; after a paste three of them are new.</summary>
    private int CountIn(Snapshot snapshot, ObjectId tree, int depth)
    {
        const int FanOut = 3;
        if (depth > 0 && _known.TryGetValue(tree, out var known)) return known;
        var count = 0;
        foreach (var entry in snapshot.ReadTree(tree))
        {
            if (!entry.IsTree) continue;
            if (depth == FanOut) count += entry.Name.Length == _length ? 1 : 0;
            else if (entry.Name.Length == 1) count += CountIn(snapshot, entry.Id, depth + 1);
        }
        if (depth > 0) _known[tree] = count;
        return count;
    }
}
