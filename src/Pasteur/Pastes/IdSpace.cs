using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// How long a new id is: as long as the settings say, and one character longer whenever more than a thousandth of all ids of that
/// length is used, so that guessing stays hopeless and draws seldom collide. Only short ids can ever fill up, so only they are counted.
/// On a large branch they are as long as it takes to lie a level deeper.
/// </summary>
internal sealed class IdSpace(int length, TimeProvider time)
{
    private readonly Lock _turn = new();
    private readonly Dictionary<ObjectId, int> _known = [];
    private int _length = length;
    private long _used;
    private long _countedAt;
    private bool _isCounted;
    private volatile bool _isLarge;
    private long _lookedAt;

    /// <summary>The length of the next id. Counts again, at most once a second, what lies in the trees: others push there too.</summary>
    public int LengthFor(Snapshot snapshot, IEnumerable<ObjectId> tips)
    {
        var length = UncrowdedLength(snapshot, tips);
        return length < Limits.LargeIdLength && IsLarge(snapshot, tips) ? Limits.LargeIdLength : length;
    }

    /// <summary>The same where not all is here to be counted: no id of that length is ever crowded.</summary>
    public int LengthFor(Part part)
    {
        var length = Math.Max(Volatile.Read(ref _length), Limits.LongestCrowdedIdLength + 1);
        return part.Folders < (long)Limits.LargeEntries << (5 * PasteId.FewestLevels) ? length : Math.Max(length, Limits.LargeIdLength);
    }

    private int UncrowdedLength(Snapshot snapshot, IEnumerable<ObjectId> tips)
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

    // It only grows. Who looks is one of those who paste; the others need not wait.
    private bool IsLarge(Snapshot snapshot, IEnumerable<ObjectId> tips)
    {
        var last = Volatile.Read(ref _lookedAt);
        if (_isLarge || (last != 0 && time.GetElapsedTime(last) < Limits.LargeLookEvery) || Interlocked.CompareExchange(ref _lookedAt, time.GetTimestamp(), last) != last) return _isLarge;
        try
        {
            foreach (var tip in tips.Take(1)) _isLarge = Enumerable.Range(0, Limits.LargeSamples).Sum(_ => EntriesOfOne(snapshot, tip)) >= Limits.LargeSamples * Limits.LargeEntries;
        }
        catch (GitDataException)
        {
            // Damaged, or not here: whoever reads it will say so.
        }
        return _isLarge;
    }

    private static int EntriesOfOne(Snapshot snapshot, ObjectId tip)
    {
        var id = PasteId.Draw(Limits.ShortestIdLength).Folder;
        return snapshot.Find(tip, id[..id.LastIndexOf('/')]) is { IsTree: true } folder ? snapshot.ReadTree(folder.Id).Count : 0;
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
        if (depth > 0 && _known.TryGetValue(tree, out var known)) return known;
        var count = 0;
        foreach (var entry in snapshot.ReadTree(tree))
        {
            if (!entry.IsTree) continue;
            if (depth == PasteId.FewestLevels) count += entry.Name.Length == _length ? 1 : 0;
            else if (entry.Name.Length == 1) count += CountIn(snapshot, entry.Id, depth + 1);
        }
        if (depth > 0) _known[tree] = count;
        return count;
    }
}
