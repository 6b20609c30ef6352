using System.Runtime.InteropServices;
using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Fsck;

/// <summary>Follows every ref to the last blob and reports what is missing on the way.</summary>
internal sealed class Connectivity(FsckStore store, IReadOnlySet<ObjectId> shallow, Action<FsckFinding> report)
{
    private readonly HashSet<ObjectId> _seen = [];
    private readonly Stack<Claim> _pending = [];
    private readonly List<ObjectId> _parents = [];

    private readonly record struct Claim(ObjectId Id, ObjectKind? Kind, string By, int Depth);

    /// <summary>Returns how many objects were reached.</summary>
    public long Walk(IReadOnlyDictionary<string, ObjectId> refs, CancellationToken cancellationToken)
    {
        foreach (var name in refs.Keys.Order(StringComparer.Ordinal))
            if (!refs[name].IsZero) Push(refs[name], null, name);

        while (_pending.TryPop(out var claim))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Follow(claim);
            }
            catch (GitDataException fault)
            {
                report(new FsckFinding(fault.Place, fault.Problem));
            }
        }

        return _seen.Count;
    }

    /// <param name="depth">Of a tree: the folders above it on the way by which it was met first.</param>
    private void Push(ObjectId id, ObjectKind? kind, string by, int depth = 0)
    {
        if (_seen.Add(id)) _pending.Push(new Claim(id, kind, by, depth));
    }

    private void Follow(Claim claim)
    {
        if (!store.TryReadKind(claim.Id, out var kind))
        {
            report(new FsckFinding(claim.By, $"it names {claim.Id}, which is missing"));
            return;
        }

        if (claim.Kind is { } expected && kind != expected)
        {
            report(new FsckFinding(claim.By, $"it names {claim.Id} as a {expected}, but that is a {kind}"));
            return;
        }

        if (kind == ObjectKind.Blob || !store.TryRead(claim.Id, out var content)) return;
        if (kind == ObjectKind.Commit) FollowCommit(content, claim.Id);
        else if (kind == ObjectKind.Tree) FollowTree(content, claim.Id, claim.Depth);
        else if (TagReader.TryRead(content.Bytes.Span, out var target, out var targetKind)) Push(target, targetKind, $"Tag {claim.Id}");
    }

    private void FollowCommit(RawObject content, ObjectId id)
    {
        var by = $"Commit {id}";
        Push(CommitReader.ReadLinks(content.Bytes.Span, id, _parents), ObjectKind.Tree, by);
        if (shallow.Contains(id)) return;
        foreach (var parent in CollectionsMarshal.AsSpan(_parents)) Push(parent, ObjectKind.Commit, by);
    }

    private void FollowTree(RawObject content, ObjectId id, int depth)
    {
        // What is below could be read here, but neither merged nor pushed.
        if (depth > GitLimits.MaxTreeDepth) throw TreeDiff.TooDeep(id);
        var by = $"Tree {id}";
        for (var entries = new TreeReader(content.Bytes.Span, id); entries.MoveNext();)
        {
            if (entries.Mode.IsSubmodule()) continue;
            Push(entries.Id, entries.Mode.IsTree() ? ObjectKind.Tree : ObjectKind.Blob, by, depth + 1);
        }
    }
}
