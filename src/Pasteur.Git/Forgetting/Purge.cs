using Pasteur.Git.History;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Forgetting;

/// <summary>
/// Says which forgotten objects go and which stay. A commit or a file stays when any ref reaches it: for refs that stay, a list of all that
/// they ever reached is kept (<see cref="LastingIds"/>); the few that do not are walked. A tree stays when all that is below it does, since
/// whoever needs the tree needs that: no list of trees is needed, and a tree with one paste that nobody else has goes.
/// </summary>
/// <param name="isRolling">True while refs on the disk may be about to move.</param>
internal sealed class Purge(RepositoryFolder folder, string repository, Func<Snapshot> current, Func<bool> isRolling)
{
    private readonly ForgottenFile _file = folder.Forgotten;
    private readonly LastingIds _lasting = new(repository);

    /// <summary>What is to be done now; null when it has to wait, for a roll or the end of a fetch.</summary>
    /// <exception cref="GitDataException">Something that a ref needs cannot be read: nothing may go.</exception>
    public PurgePlan? Prepare(CancellationToken cancellationToken)
    {
        if (!HasFollowed(folder.Refs.ListAll(), current())) return null;
        // In this order: what is committed from now on and names a forgotten object again brings its own copy, in a journal.
        if (!folder.Fetches.IsEmpty) return null;
        // The owner's git may have put what is to go into packs that nobody here has seen yet.
        folder.Store.Rescan();
        var packs = folder.Store.Packs;
        var (tips, objects) = _file.List();
        var found = Expand(tips, cancellationToken);
        foreach (var (id, kind) in found) objects[id] = kind;
        var snapshot = current();
        var onDisk = folder.Refs.ListAll();
        if (!HasFollowed(onDisk, snapshot)) return null;
        if (objects.ContainsValue(ObjectKind.Tag)) Strike(objects, snapshot.Refs.Values.Concat(onDisk.Values));

        var needed = FindNeeded(objects, snapshot, onDisk, cancellationToken);
        var judge = new Judge(folder.Store, objects, needed);
        var unneeded = objects.Keys.Where(id => !judge.IsNeeded(id)).ToHashSet();
        unneeded.RemoveWhere(id => !folder.Store.Contains(id));
        _file.Replace(tips, found, [.. objects.Keys.Where(id => !unneeded.Contains(id))]);
        var isHistory = unneeded.Any(id => objects[id] == ObjectKind.Commit);
        return new PurgePlan(unneeded, [.. packs.Where(pack => unneeded.Any(pack.Contains) || (isHistory && RecordsOf.Any(pack, unneeded)))]);
    }

    // A tag is needed by a ref, or by nobody.
    private void Strike(Dictionary<ObjectId, ObjectKind> objects, IEnumerable<ObjectId> tips)
    {
        ObjectId[] named = [.. tips.Where(tip => objects.GetValueOrDefault(tip) == ObjectKind.Tag)];
        foreach (var id in named) objects.Remove(id);
        _file.Replace([], new Dictionary<ObjectId, ObjectKind>(), named);
    }

    private Dictionary<ObjectId, ObjectKind> Expand(ObjectId[] tips, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ObjectId, ObjectKind>();
        var walk = new ObjectWalk(folder.Store, isWhole: false, cancellationToken);
        foreach (var tip in tips) walk.Walk(tip, null, (id, kind) => found[id] = kind);
        found.Remove(ObjectId.EmptyTree);
        return found;
    }

    // A branch that was taken away, or whose history was made again, is on the disk until the next roll, and git must find what it names.
    private bool HasFollowed(IReadOnlyDictionary<string, ObjectId> onDisk, Snapshot snapshot) =>
        !isRolling() && onDisk.Keys.Where(name => ShortLivedRef.Is(name) || (name.StartsWith("refs/heads/", StringComparison.Ordinal) && snapshot.TryGetRef(name, out _))).All(name =>
            snapshot.TryGetRef(name, out var tip) && Ancestry.IsAncestor(folder.Store, onDisk[name], tip));

    private HashSet<ulong> FindNeeded(Dictionary<ObjectId, ObjectKind> objects, Snapshot snapshot, IReadOnlyDictionary<string, ObjectId> onDisk, CancellationToken cancellationToken)
    {
        var asked = new HashSet<ulong>();
        foreach (var (id, kind) in objects)
            if (kind is ObjectKind.Commit or ObjectKind.Blob) asked.Add(id.FirstBits);
        if (asked.Count == 0) return [];
        var lasting = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        // What a folder's ref is and what it will be are two tips. Branches first: most others are among what they reach.
        foreach (var name in snapshot.Refs.Keys.Where(name => !ShortLivedRef.Is(name)).Order(StringComparer.Ordinal)) lasting[name] = snapshot.Refs[name];
        foreach (var (name, tip) in onDisk)
            if (!ShortLivedRef.Is(name) && lasting.GetValueOrDefault(name) != tip) lasting["disk:" + name] = tip;
        var needed = _lasting.Find(asked, lasting, folder.Store, cancellationToken);
        var walk = new ObjectWalk(folder.Store, isWhole: true, cancellationToken);
        foreach (var tip in snapshot.Refs.Keys.Where(ShortLivedRef.Is).Select(name => snapshot.Refs[name]).Distinct())
        {
            walk.Walk(tip, null, (id, _) =>
            {
                if (asked.Contains(id.FirstBits)) needed.Add(id.FirstBits);
            });
        }
        return needed;
    }

    private sealed class Judge(ObjectStore store, Dictionary<ObjectId, ObjectKind> objects, HashSet<ulong> needed)
    {
        private readonly Dictionary<ObjectId, bool> _trees = [];

        public bool IsNeeded(ObjectId id) => objects[id] == ObjectKind.Tree ? IsTreeNeeded(id, 0) : needed.Contains(id.FirstBits);

        private bool IsTreeNeeded(ObjectId tree, int depth)
        {
            if (tree == ObjectId.EmptyTree) return true;
            if (_trees.TryGetValue(tree, out var known)) return known;
            if (depth > GitLimits.MaxTreeDepth) throw TreeDiff.TooDeep(tree);
            var isNeeded = store.Contains(tree);
            if (isNeeded)
            {
                // Those in the list first: of a root that was made again, most of what is below it is not.
                foreach (var entry in store.ReadTree(tree).Where(entry => !entry.Mode.IsSubmodule()).OrderByDescending(entry => objects.ContainsKey(entry.Id)))
                {
                    isNeeded = entry.IsTree ? IsTreeNeeded(entry.Id, depth + 1) : IsBlobNeeded(entry.Id);
                    if (!isNeeded) break;
                }
            }
            return _trees[tree] = isNeeded;
        }

        // One that is not in the list was found to be needed before, or is gone.
        private bool IsBlobNeeded(ObjectId blob) => objects.ContainsKey(blob) ? needed.Contains(blob.FirstBits) : store.Contains(blob);
    }
}

/// <param name="Unneeded">Objects to leave out.</param>
/// <param name="Packs">Those that hold any of them.</param>
internal sealed record PurgePlan(IReadOnlySet<ObjectId> Unneeded, IReadOnlyList<PackFile> Packs);
