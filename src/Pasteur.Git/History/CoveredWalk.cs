using Pasteur.Git.Objects;

namespace Pasteur.Git.History;

/// <summary>
/// Finds what a known commit reaches, as far as it matters for a tip: both are walked, newest first, until nothing is left on the tip's
/// side. Clocks differ, so a commit may be passed before it is known to be covered; it is told to its ancestors when that is found, and
/// the walk goes a day further when it could be.
/// </summary>
internal sealed class CoveredWalk
{
    public const long ClockSlackSeconds = 24 * 60 * 60;

    private const long AtOnce = long.MinValue;

    private readonly ObjectStore _store;
    private readonly ObjectId _known;
    private readonly HashSet<ObjectId> _covered;
    private readonly HashSet<ObjectId> _seen;
    private readonly HashSet<ObjectId> _open = [];
    private readonly List<(ObjectId Id, CommitLinks Links)> _passed = [];
    private readonly Dictionary<ObjectId, CommitLinks> _read = [];
    private readonly PriorityQueue<ObjectId, long> _waiting = new();

    private CoveredWalk(ObjectStore store, ObjectId tip, ObjectId known)
    {
        (_store, _known) = (store, known);
        (_covered, _seen) = ([known], [tip, known]);
        Enqueue(tip);
        Enqueue(known);
    }

    /// <summary>Of what <paramref name="known"/> reaches: all that <paramref name="tip"/> reaches too and a walk from there would meet first.</summary>
    public static HashSet<ObjectId> Run(ObjectStore store, ObjectId tip, ObjectId known)
    {
        var walk = new CoveredWalk(store, tip, known);
        while (walk._open.Count > 0 && walk._waiting.TryDequeue(out var id, out _)) walk.Pass(id);
        var horizon = walk.Horizon();
        while (walk._waiting.TryDequeue(out var id, out var priority) && (priority == AtOnce || -priority >= horizon)) walk.Pass(id);
        return walk._covered;
    }

    private void Pass(ObjectId id)
    {
        var isCovered = _covered.Contains(id);
        _open.Remove(id);
        if (!_read.Remove(id, out var links) && !_store.TryReadLinks(id, out links)) return;
        if (!isCovered) _passed.Add((id, links));
        foreach (var parent in links.Parents)
        {
            if (isCovered) Cover(parent);
            if (_seen.Add(parent)) Enqueue(parent);
        }
    }

    private void Enqueue(ObjectId id)
    {
        if (!_covered.Contains(id)) _open.Add(id);
        var isHere = _store.TryReadLinks(id, out var links);
        if (isHere) _read[id] = links;
        _waiting.Enqueue(id, isHere ? -links.Seconds : long.MaxValue);
    }

    // One seen before it was known to be covered has not passed that on: walk it again.
    private void Cover(ObjectId id)
    {
        if (!_covered.Add(id) || !_seen.Contains(id)) return;
        _open.Remove(id);
        _waiting.Enqueue(id, AtOnce);
    }

    // Commits made on top of the known one cannot be its ancestors. The others might, as far back as the oldest of them.
    private long Horizon()
    {
        var children = new Dictionary<ObjectId, List<ObjectId>>();
        foreach (var (id, links) in _passed)
        {
            foreach (var parent in links.Parents)
            {
                if (!children.TryGetValue(parent, out var known)) children[parent] = known = [];
                known.Add(id);
            }
        }
        var above = new HashSet<ObjectId> { _known };
        var waiting = new Stack<ObjectId>(above);
        while (waiting.TryPop(out var id))
        {
            if (!children.TryGetValue(id, out var made)) continue;
            foreach (var child in made)
                if (above.Add(child)) waiting.Push(child);
        }
        var oldest = long.MaxValue;
        foreach (var (id, links) in _passed)
            if (!above.Contains(id) && !_covered.Contains(id)) oldest = Math.Min(oldest, links.Seconds - ClockSlackSeconds);
        return oldest;
    }
}
