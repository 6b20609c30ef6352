using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Forgetting;

/// <summary>
/// What tips reach. Each commit is compared with its first parent, so that no tree is read twice for the commits that share it; what is
/// below a tree that a parent has too was told with that parent.
/// </summary>
/// <param name="isWhole">
/// What a tip reaches must be here, but for the parents of shallow commits: a walk that passed over what it cannot read would call it
/// unneeded. Otherwise what is missing is passed over.
/// </param>
internal sealed class ObjectWalk(ObjectStore store, bool isWhole, CancellationToken cancellationToken)
{
    private readonly HashSet<ObjectId> _commits = [];

    /// <summary>Tells every object that a tip reaches and <paramref name="known"/> does not; some more than once, and some of what it does.</summary>
    public void Walk(ObjectId tip, ObjectId? known, Action<ObjectId, ObjectKind> reached)
    {
        if (!store.TryRead(tip, out var found))
        {
            if (isWhole) throw Missing(tip);
            return;
        }
        switch (found.Kind)
        {
            case ObjectKind.Commit:
                WalkCommits(tip, known, reached);
                break;
            case ObjectKind.Tag:
                if (TagReader.TryRead(found.Bytes.Span, out var target, out _)) Walk(target, known, reached);
                break;
            case ObjectKind.Tree:
                WalkTree(null, tip, reached, 0);
                break;
            case ObjectKind.Blob:
                reached(tip, ObjectKind.Blob);
                break;
        }
    }

    private void WalkCommits(ObjectId tip, ObjectId? known, Action<ObjectId, ObjectKind> reached)
    {
        if (known is { } k && store.TryReadLinks(k, out _))
        {
            foreach (var id in Ancestry.Missing(store, tip, k))
                if (_commits.Add(id)) WalkCommit(id, store.ReadLinks(id), reached);
            return;
        }
        var waiting = new Stack<ObjectId>([tip]);
        while (waiting.TryPop(out var id))
        {
            // A parent that is not here is one that a shallow fetch has left on the remote.
            if (!_commits.Add(id) || !store.TryReadLinks(id, out var links)) continue;
            WalkCommit(id, links, reached);
            foreach (var parent in links.Parents) waiting.Push(parent);
        }
    }

    private void WalkCommit(ObjectId id, CommitLinks links, Action<ObjectId, ObjectKind> reached)
    {
        cancellationToken.ThrowIfCancellationRequested();
        reached(id, ObjectKind.Commit);
        ObjectId? before = links.Parents is [var first, ..] && store.TryReadLinks(first, out var parent) && store.Contains(parent.Tree) ? parent.Tree : null;
        WalkTree(before, links.Tree, reached, 0);
    }

    private void WalkTree(ObjectId? before, ObjectId tree, Action<ObjectId, ObjectKind> reached, int depth)
    {
        if (tree == before || tree == ObjectId.EmptyTree) return;
        if (depth > GitLimits.MaxTreeDepth) throw TreeDiff.TooDeep(tree);
        if (!store.Contains(tree))
        {
            if (isWhole) throw Missing(tree);
            return;
        }
        reached(tree, ObjectKind.Tree);
        if (before is { } b && !store.Contains(b)) before = null;
        foreach (var (left, right) in TreeDiff.Entries(store, before, tree))
        {
            if (right is not { } entry || entry.Mode.IsSubmodule()) continue;
            if (entry.IsTree) WalkTree(left is { IsTree: true } ? left.Value.Id : null, entry.Id, reached, depth + 1);
            else reached(entry.Id, ObjectKind.Blob);
        }
    }

    private static GitDataException Missing(ObjectId id) =>
        new($"object {id}", "a branch or a tag needs it and it is not here, so nothing can be taken out of the packs");
}
