using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Fsck;

/// <summary>
/// Follows every ref to the last blob and reports what is missing on the way. The tree of a commit is compared with that of its first parent:
/// what both have is looked at with the parent, so that a history of millions is walked in the time that its changes take.
/// </summary>
internal sealed class Connectivity(FsckStore store, IReadOnlySet<ObjectId> shallow, Action<FsckFinding> report)
{
    private readonly Stack<Claim> _pending = [];
    private readonly List<GatheredCommit> _window = [];
    private long _reached;

    private readonly record struct Claim(ObjectId Id, ObjectKind? Kind, Namer By);

    private readonly record struct GatheredCommit(ObjectId Id, ObjectId Tree, ObjectId? Parent);

    /// <summary>What names an object: a ref, or an object of some kind.</summary>
    private readonly record struct Namer(string Word, ObjectId? Id = null)
    {
        public override string ToString() => Id is { } id ? $"{Word} {id}" : Word;
    }

    /// <summary>So many commits are gathered before their trees are walked, parents first: a tree is stored as a delta of what it was before.</summary>
    public int WindowCommits { get; init; } = 16_384;

    /// <summary>Returns how many objects were reached.</summary>
    public long Walk(IReadOnlyDictionary<string, ObjectId> refs, CancellationToken cancellationToken)
    {
        foreach (var name in refs.Keys.Order(StringComparer.Ordinal))
            if (!refs[name].IsZero) _pending.Push(new Claim(refs[name], null, new Namer(name)));

        while (_pending.Count > 0)
        {
            while (_window.Count < WindowCommits && _pending.TryPop(out var claim))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Try(() => Follow(claim));
            }
            WalkWindow(cancellationToken);
        }

        return _reached;
    }

    private void Follow(Claim claim)
    {
        if (!Reach(claim.Id, claim.Kind, claim.By, out var kind) || kind == ObjectKind.Blob) return;
        if (kind == ObjectKind.Tree) WalkTree(null, claim.Id, 0);
        else if (!store.TryRead(claim.Id, out var content)) return;
        else if (kind == ObjectKind.Commit) FollowCommit(content, claim.Id);
        else if (TagReader.TryRead(content.Bytes.Span, out var target, out var targetKind)) _pending.Push(new Claim(target, targetKind, new Namer("Tag", claim.Id)));
    }

    private void FollowCommit(RawObject content, ObjectId id)
    {
        var links = CommitReader.ReadLinks(content.Bytes.Span, id);
        var isShallow = shallow.Contains(id);
        _window.Add(new GatheredCommit(id, links.Tree, !isShallow && links.Parents is [var first, ..] ? first : null));
        if (isShallow) return;
        foreach (var parent in links.Parents) _pending.Push(new Claim(parent, ObjectKind.Commit, new Namer("Commit", id)));
    }

    private void WalkWindow(CancellationToken cancellationToken)
    {
        for (var n = _window.Count - 1; n >= 0; n--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (id, tree, parent) = _window[n];
            var isNext = parent is not null && n + 1 < _window.Count && _window[n + 1].Id == parent;
            var before = isNext ? _window[n + 1].Tree : parent is { } other ? TreeOf(other) : null;
            if (tree == before) continue;
            Try(() =>
            {
                if (Reach(tree, ObjectKind.Tree, new Namer("Commit", id), out _)) WalkTree(before, tree, 0);
            });
        }
        _window.Clear();
    }

    // A parent that cannot be read is reported when it is followed itself; there is nothing to compare with then.
    private ObjectId? TreeOf(ObjectId commit)
    {
        try
        {
            return store.TryRead(commit, out var content) && content.Kind == ObjectKind.Commit ? CommitReader.ReadLinks(content.Bytes.Span, commit).Tree : null;
        }
        catch (GitDataException)
        {
            return null;
        }
    }

    /// <param name="before">What stood there in the parent: whoever gave it has it walked too.</param>
    /// <param name="depth">Folders above it on the way by which it was met first.</param>
    private void WalkTree(ObjectId? before, ObjectId tree, int depth)
    {
        List<(NamedEntry? Old, NamedEntry? New)> changes = [];
        Try(() =>
        {
            // What is below could be read here, but neither merged nor pushed.
            if (depth > GitLimits.MaxTreeDepth) throw TreeDiff.TooDeep(tree);
            if (store.TryRead(tree, out var content)) changes = Changes(before, content, tree);
        });
        foreach (var (old, @new) in changes)
        {
            if (@new is not { } entry || entry.Mode.IsSubmodule()) continue;
            Try(() =>
            {
                if (!Reach(entry.Id, entry.IsTree ? ObjectKind.Tree : ObjectKind.Blob, new Namer("Tree", tree), out _) || !entry.IsTree) return;
                WalkTree(old is { IsTree: true } folder ? folder.Id : null, entry.Id, depth + 1);
            });
        }
    }

    private List<(NamedEntry? Old, NamedEntry? New)> Changes(ObjectId? before, RawObject content, ObjectId tree)
    {
        try
        {
            if (before is { } id && store.TryRead(id, out var old) && old.Kind == ObjectKind.Tree)
                return TreeDiff.Entries(new TreeReader(old.Bytes.Span, id), new TreeReader(content.Bytes.Span, tree));
        }
        catch (GitDataException)
        {
            // Which of the two it is shows when each is read for itself.
        }
        return TreeDiff.Entries(default, new TreeReader(content.Bytes.Span, tree));
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
