using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Fsck;

/// <summary>
/// Follows every ref to the last blob and reports what is missing on the way. The tree of a commit is compared with that of its first parent,
/// so that a history of millions is walked in the time that its changes take.
/// </summary>
/// <remarks>
/// A tree that is marked as reached has had everything below it looked at by the end of the walk that marked it. Only with such a tree is another
/// compared: what both have was looked at then. Where the parent's is not marked yet, all of the tree is walked.
/// </remarks>
internal sealed class Connectivity(FsckStore store, IReadOnlySet<ObjectId> shallow, Action<FsckFinding> report, CancellationToken cancellationToken)
{
    private readonly Stack<Claim> _pending = [];
    private readonly List<ObjectId> _commits = [];
    private (ObjectId Commit, ObjectId Tree) _last;
    private long _reached;

    private readonly record struct Claim(ObjectId Id, ObjectKind? Kind, Namer By);

    /// <summary>What names an object: a ref, or an object of some kind.</summary>
    private readonly record struct Namer(string Word, ObjectId? Id = null)
    {
        public override string ToString() => Id is { } id ? $"{Word} {id}" : Word;
    }

    /// <summary>Returns how many objects were reached.</summary>
    public long Walk(IReadOnlyDictionary<string, ObjectId> refs)
    {
        foreach (var name in refs.Keys.Order(StringComparer.Ordinal))
            if (!refs[name].IsZero) _pending.Push(new Claim(refs[name], null, new Namer(name)));
        while (_pending.TryPop(out var claim)) Try(() => Follow(claim));
        // Parents first: they are marked then, and a tree is stored as a delta of what it was before.
        for (var n = _commits.Count - 1; n >= 0; n--)
        {
            var commit = _commits[n];
            Try(() => WalkCommit(commit));
        }
        return _reached;
    }

    private void Follow(Claim claim)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Reach(claim.Id, claim.Kind, claim.By, out var kind) || kind == ObjectKind.Blob) return;
        if (kind == ObjectKind.Tree) WalkTree(null, claim.Id, 0);
        else if (!store.TryRead(claim.Id, out var content)) return;
        else if (kind == ObjectKind.Commit) FollowCommit(content, claim.Id);
        else if (TagReader.TryRead(content.Bytes.Span, out var target, out var targetKind)) _pending.Push(new Claim(target, targetKind, new Namer("Tag", claim.Id)));
    }

    private void FollowCommit(RawObject content, ObjectId id)
    {
        var links = CommitReader.ReadLinks(content.Bytes.Span, id);
        _commits.Add(id);
        if (shallow.Contains(id)) return;
        foreach (var parent in links.Parents) _pending.Push(new Claim(parent, ObjectKind.Commit, new Namer("Commit", id)));
    }

    private void WalkCommit(ObjectId id)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!store.TryRead(id, out var content)) return;
        var links = CommitReader.ReadLinks(content.Bytes.Span, id);
        var before = links.Parents is [var parent, ..] && !shallow.Contains(id) ? TreeOf(parent) : null;
        _last = (id, links.Tree);
        // Asked first: it may be the same tree, which has not been walked for being marked.
        var walked = before is { } tree && store.IsReached(tree) ? before : null;
        if (Reach(links.Tree, ObjectKind.Tree, new Namer("Commit", id), out _)) WalkTree(walked, links.Tree, 0);
    }

    // Mostly that of the commit before. A parent that cannot be read is reported when it is followed itself; there is nothing to compare with then.
    private ObjectId? TreeOf(ObjectId commit)
    {
        if (_last.Commit == commit) return _last.Tree;
        try
        {
            return store.TryRead(commit, out var content) && content.Kind == ObjectKind.Commit ? CommitReader.ReadLinks(content.Bytes.Span, commit).Tree : null;
        }
        catch (GitDataException)
        {
            return null;
        }
    }

    /// <param name="before">What stood there in the parent, marked and walked.</param>
    /// <param name="tree">Marked just now.</param>
    /// <param name="depth">Folders above it on the way by which it was met first.</param>
    private void WalkTree(ObjectId? before, ObjectId tree, int depth)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folders = new List<(ObjectId? Before, ObjectId Folder)>();
        try
        {
            // What is below could be read here, but neither merged nor pushed.
            if (depth > GitLimits.MaxTreeDepth) throw TreeDiff.TooDeep(tree);
            if (store.TryRead(tree, out var content)) ReachEntries(Before(before), content, tree, folders);
        }
        catch (GitDataException fault)
        {
            report(new FsckFinding(fault.Place, fault.Problem));
        }
        foreach (var (old, folder) in folders) WalkTree(old, folder, depth + 1);
    }

    // Of one that cannot be read as a tree, or not to its end, nothing is known.
    private RawObject Before(ObjectId? before)
    {
        try
        {
            if (before is not { } id || !store.TryRead(id, out var old) || old.Kind != ObjectKind.Tree) return default;
            for (var entries = new TreeReader(old.Bytes.Span, id); entries.MoveNext();)
            {
                // What is malformed shows here, and not in the middle of a comparison.
            }
            return old;
        }
        catch (GitDataException)
        {
            return default;
        }
    }

    // Marks the entries that the tree before has not, and tells which of them are folders that were not marked before.
    private void ReachEntries(RawObject before, RawObject content, ObjectId tree, List<(ObjectId? Before, ObjectId Folder)> folders)
    {
        var left = new TreeReader(before.Bytes.Span, default);
        var isLeft = left.MoveNext();
        for (var right = new TreeReader(content.Bytes.Span, tree); right.MoveNext();)
        {
            var order = -1;
            while (isLeft && (order = TreeOrder.Compare(left.Name, left.Mode.IsTree(), right.Name, right.Mode.IsTree())) < 0) isLeft = left.MoveNext();
            var isPair = isLeft && order == 0;
            if ((isPair && left.Id == right.Id && left.Mode == right.Mode) || right.Mode.IsSubmodule()) continue;
            var isTree = right.Mode.IsTree();
            if (TryReach(right.Id, isTree ? ObjectKind.Tree : ObjectKind.Blob, tree) && isTree) folders.Add((isPair && left.Mode.IsTree() ? left.Id : null, right.Id));
        }
    }

    // One entry that cannot be read hides none behind it.
    private bool TryReach(ObjectId id, ObjectKind expected, ObjectId tree)
    {
        try
        {
            return Reach(id, expected, new Namer("Tree", tree), out _);
        }
        catch (GitDataException fault)
        {
            report(new FsckFinding(fault.Place, fault.Problem));
            return false;
        }
    }

    /// <summary>Reports what is missing, or of another kind than what names it says; false then, and when it was reached before.</summary>
    private bool Reach(ObjectId id, ObjectKind? expected, Namer by, out ObjectKind kind)
    {
        kind = default;
        if (!store.Reach(id)) return false;
        _reached++;
        if (!store.TryReadKind(id, out kind))
        {
            report(new FsckFinding(by.ToString(), $"it names {id}, which is missing"));
            return false;
        }

        if (expected is null || kind == expected) return true;
        report(new FsckFinding(by.ToString(), $"it names {id} as a {expected}, but that is a {kind}"));
        return false;
    }

    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (GitDataException fault)
        {
            report(new FsckFinding(fault.Place, fault.Problem));
        }
    }
}
