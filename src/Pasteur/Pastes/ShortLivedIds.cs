using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// Which ids branches hold, as 64 bits each. It may take an id for one of them that is none, never the other way. After a commit only
/// the folders that it changed are read.
/// </summary>
internal sealed class ShortLivedIds
{
    private readonly HashSet<ulong> _ids = [];
    // Of those, what came with a second branch.
    private readonly HashSet<ulong> _twice = [];
    private readonly Dictionary<string, ObjectId> _tips = new(StringComparer.Ordinal);
    private long _sequence = -1;
    private bool _isPartial;

    public bool MayHold(string id) => _isPartial || _ids.Contains(Hash(id));

    /// <summary>On more than one branch, now or once.</summary>
    public bool MayBeTwice(string id) => _isPartial || _twice.Contains(Hash(id));

    public void Remove(string id)
    {
        if (Hash(id) is var hash && !_twice.Contains(hash)) _ids.Remove(hash);
    }

    /// <summary>Takes in what a snapshot has, unless it is older than the last.</summary>
    public void Follow(Snapshot snapshot, IReadOnlyList<ShortLivedBranch> branches)
    {
        if (snapshot.Sequence <= _sequence) return;
        _sequence = snapshot.Sequence;
        foreach (var branch in branches)
        {
            var isKnown = _tips.TryGetValue(branch.Name, out var before);
            if (isKnown && before == branch.Tip) continue;
            _tips[branch.Name] = branch.Tip;
            try
            {
                Add(snapshot, isKnown ? snapshot.ReadCommit(before).Tree : null, snapshot.ReadCommit(branch.Tip).Tree, depth: 0);
            }
            catch (GitDataException)
            {
                // What cannot be read now may be read by whoever looks for it.
                _isPartial = true;
            }
        }
        if (_tips.Count == branches.Count) return;
        var there = branches.Select(branch => branch.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _tips.Keys.Where(name => !there.Contains(name)).ToArray()) _tips.Remove(gone);
    }

    private void Add(Snapshot snapshot, ObjectId? before, ObjectId tree, int depth)
    {
        if (tree == before) return;
        var known = before is { } b ? snapshot.ReadTree(b).Where(entry => entry.IsTree).ByName() : [];
        foreach (var entry in snapshot.ReadTree(tree))
        {
            if (!entry.IsTree) continue;
            ObjectId? was = known.TryGetValue(entry.Name, out var id) ? id : null;
            if (was == entry.Id) continue;
            if (PasteId.IsFolder(entry.Name, depth))
            {
                if (Hash(entry.Name) is var hash && !_ids.Add(hash) && was is null) _twice.Add(hash);
            }
            else if (entry.Name.Length == 1 && depth < PasteId.MostLevels) Add(snapshot, was, entry.Id, depth + 1);
        }
    }

    // FNV-1a. Ids are drawn by servers, not chosen.
    private static ulong Hash(string id)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in id) hash = (hash ^ character) * 1099511628211UL;
        return hash;
    }
}
