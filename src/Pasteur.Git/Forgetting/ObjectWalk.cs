using Pasteur.Git.History;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

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
    private (ObjectId Commit, ObjectId Tree) _last;

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
        using var many = PackReader.KeepManyTrees();
        // Parents first: a tree is a delta of what it was before, which has just been read then.
        foreach (var id in Ancestry.Missing(store, tip, known is { } k && store.TryReadLinks(k, out _) ? k : null))
            if (_commits.Add(id)) WalkCommit(id, reached);
    }

    private void WalkCommit(ObjectId id, Action<ObjectId, ObjectKind> reached)
    {
        cancellationToken.ThrowIfCancellationRequested();
        reached(id, ObjectKind.Commit);
        var links = store.ReadLinks(id);
        WalkTree(links.Parents is [var first, ..] ? TreeOf(first) : null, links.Tree, reached, 0);
        _last = (id, links.Tree);
    }

    // Mostly that of the commit before. A parent that is not here is one that a shallow fetch has left on the remote.
    private ObjectId? TreeOf(ObjectId parent) => _last.Commit == parent ? _last.Tree : store.TryReadLinks(parent, out var links) ? links.Tree : null;

    private void WalkTree(ObjectId? before, ObjectId tree, Action<ObjectId, ObjectKind> reached, int depth)
    {
        if (tree == before || tree == ObjectId.EmptyTree) return;
        if (depth > GitLimits.MaxTreeDepth) throw TreeDiff.TooDeep(tree);
        if (!TryReadTree(tree, out var now))
        {
            if (isWhole) throw Missing(tree);
            return;
        }
        reached(tree, ObjectKind.Tree);
        var was = before is { } b && TryReadTree(b, out var content) ? new TreeReader(content.Span, b) : default;
        foreach (var (left, right) in TreeDiff.Entries(was, new TreeReader(now.Span, tree)))
        {
            if (right is not { } entry || entry.Mode.IsSubmodule()) continue;
            if (entry.IsTree) WalkTree(left is { IsTree: true } ? left.Value.Id : null, entry.Id, reached, depth + 1);
            else reached(entry.Id, ObjectKind.Blob);
        }
    }

    private bool TryReadTree(ObjectId id, out ReadOnlyMemory<byte> content)
    {
        var isThere = store.TryRead(id, out var found) && found.Kind == ObjectKind.Tree;
        content = isThere ? found.Bytes : default;
        return isThere;
    }

    private static GitDataException Missing(ObjectId id) =>
        new($"object {id}", "a branch or a tag needs it and it is not here, so nothing can be taken out of the packs");
}
