using System.Security.Cryptography;
using Pasteur.Git.Commits;
using Pasteur.Git.History;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git;

/// <summary>
/// What a remote lacks, and the thin pack that brings it. Every new version of a tree goes as a delta against the version before:
/// OFS_DELTA when that one is in this pack, REF_DELTA when it is reachable from the tip that the remote has shown.
/// </summary>
public sealed class PushPlan
{
    private const int MaxDeltaDepth = 40;
    private const int FlushBytes = 64 << 10;

    private readonly ObjectStore _store;
    private readonly List<Item> _items = [];
    private readonly HashSet<ObjectId> _planned = [];

    private PushPlan(ObjectStore store) => _store = store;

    /// <summary>The commit that the remote's ref is to move to: the tip that was asked for, or an older one when there is too much for one push.</summary>
    public ObjectId Tip { get; private set; }

    public int CommitCount { get; private set; }

    /// <summary>All commits that the remote lacks, those too that are left for the next push.</summary>
    public int Waiting { get; private set; }

    /// <summary>False when the commit does not descend from the remote's tip: to push it would take theirs off the branch.</summary>
    public bool Follows { get; private set; }

    /// <summary>True when a commit's parents are neither here nor in the plan: a remote takes it only when it has them.</summary>
    public bool LeavesOutParents { get; private set; }

    public int ObjectCount => _items.Count;

    /// <param name="remoteTip">What the remote's ref is now, its objects known here; null for a new branch.</param>
    /// <param name="maxCommits">More than these are left for the next push.</param>
    internal static PushPlan Create(ObjectStore store, ObjectId tip, ObjectId? remoteTip, int maxCommits)
    {
        var plan = new PushPlan(store) { Tip = remoteTip ?? tip, Follows = remoteTip is null || remoteTip == tip };
        var missing = Ancestry.Missing(store, tip, remoteTip);
        plan.Waiting = missing.Count;
        foreach (var id in missing)
        {
            if (plan.CommitCount == maxCommits && plan.Follows) break;
            var commit = store.ReadLinks(id);
            // On every way from the tip to one of its ancestors, the last commit is one that is missing there.
            plan.Follows |= remoteTip is { } theirs && commit.Parents.Contains(theirs);
            if (plan.CommitCount == maxCommits) continue;
            plan.Add(id, commit);
            plan.Tip = id;
        }
        return plan;
    }

    /// <summary>
    /// What a remote lacks of a history that was made again. Of a commit whose original it has, only the trees that differ go, as deltas
    /// against those.
    /// </summary>
    /// <param name="originals">Of each commit that was made, one that it was made of.</param>
    internal static PushPlan CreateRewritten(ObjectStore store, MovedRef head, ObjectId? remoteTip, IReadOnlyDictionary<ObjectId, ObjectId> originals)
    {
        var plan = new PushPlan(store) { Tip = head.After, Follows = true };
        // What is here and was never offered: of that, the remote lacks the originals too.
        var waiting = head.Before.IsZero ? [] : Ancestry.Missing(store, head.Before, remoteTip).ToHashSet();
        foreach (var id in Ancestry.Missing(store, head.After, remoteTip))
        {
            var commit = store.ReadLinks(id);
            if (!originals.TryGetValue(id, out var original) || waiting.Contains(original)) plan.Add(id, commit);
            else plan.AddMadeOf(id, commit, original);
        }
        return plan;
    }

    /// <summary>What a remote lacks of a commit that merges an inbox into a branch: as a rule that commit and the trees that are new in it.</summary>
    /// <param name="onto">The first parent, which the remote has.</param>
    /// <param name="seen">As far as the remote has the inbox; null: nothing of it.</param>
    internal static PushPlan CreateMerge(ObjectStore store, ObjectId merge, ObjectId onto, ObjectId? seen)
    {
        var plan = new PushPlan(store) { Tip = merge, Follows = true };
        if (seen is { } known) plan.LeaveOut(store.TreeOf(known), depth: 0);
        var commit = store.ReadLinks(merge);
        foreach (var id in Ancestry.Missing(store, commit.Parents[1], seen)) plan.Add(id, store.ReadLinks(id));
        plan.CommitCount++;
        plan.Plan(new Item(merge, ObjectKind.Commit, null));
        var before = store.TreeOf(onto);
        if (before == ObjectId.EmptyTree) plan.AddEmptyTree();
        plan.AddTree(before == ObjectId.EmptyTree ? null : before, commit.Tree, depth: 0);
        return plan;
    }

    /// <summary>One pack for several branches: what two of them need goes once.</summary>
    public static PushPlan Join(IReadOnlyCollection<PushPlan> plans)
    {
        var joined = new PushPlan(plans.First()._store);
        foreach (var plan in plans)
        {
            foreach (var item in plan._items) joined.Plan(item);
            joined.CommitCount += plan.CommitCount;
        }
        return joined;
    }

    /// <summary>
    /// Brings the empty tree too. git knows it unseen, so a remote's history may name it without the remote holding it, and
    /// <c>git fsck</c> complains there until it arrives.
    /// </summary>
    public void AddEmptyTree() => Plan(new Item(ObjectId.EmptyTree, ObjectKind.Tree, null));

    /// <summary>Writes the pack: header, entries, SHA-1 (gitformat-pack).</summary>
    public async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var buffer = new EntryBuffer(2 * FlushBytes);
        var header = new byte[Journal.HeaderLength];
        Journal.WriteHeader(header, (uint)_items.Count);
        buffer.Append(header);

        var written = 0L;
        var places = new Dictionary<ObjectId, (long Offset, int Depth)>();
        foreach (var item in _items)
        {
            Write(item, buffer, written + buffer.Length, places);
            if (buffer.Length >= FlushBytes) written += await FlushAsync(buffer, hash, target, cancellationToken).ConfigureAwait(false);
        }
        await FlushAsync(buffer, hash, target, cancellationToken).ConfigureAwait(false);
        await target.WriteAsync(hash.GetHashAndReset(), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> FlushAsync(EntryBuffer buffer, IncrementalHash hash, Stream target, CancellationToken cancellationToken)
    {
        var length = buffer.Length;
        hash.AppendData(buffer.Written);
        await target.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        buffer.Clear();
        return length;
    }

    private void Add(ObjectId id, CommitLinks commit)
    {
        CommitCount++;
        Plan(new Item(id, ObjectKind.Commit, null));
        var before = ObjectId.EmptyTree;
        if (commit.Parents.Length > 0 && _store.TryReadLinks(commit.Parents[0], out var parent)) before = parent.Tree;
        else LeavesOutParents |= commit.Parents.Length > 0;
        if (before == ObjectId.EmptyTree || commit.Tree == ObjectId.EmptyTree) AddEmptyTree();
        AddTree(before == ObjectId.EmptyTree ? null : before, commit.Tree, depth: 0);
    }

    private void LeaveOut(ObjectId tree, int depth)
    {
        if (depth > GitLimits.MaxTreeDepth || !_planned.Add(tree)) return;
        foreach (var entry in _store.ReadTree(tree))
            if (entry.IsTree) LeaveOut(entry.Id, depth + 1);
    }

    private void AddMadeOf(ObjectId id, CommitLinks commit, ObjectId original)
    {
        CommitCount++;
        Plan(new Item(id, ObjectKind.Commit, null));
        if (commit.Tree == ObjectId.EmptyTree) AddEmptyTree();
        AddTree(_store.ReadLinks(original).Tree, commit.Tree, depth: 0);
    }

    private void AddTree(ObjectId? old, ObjectId @new, int depth)
    {
        if (depth > GitLimits.MaxTreeDepth) throw TreeDiff.TooDeep(@new);
        if (old == @new || !Plan(new Item(@new, ObjectKind.Tree, old))) return;
        foreach (var (left, right) in TreeDiff.Entries(_store, old, @new))
        {
            if (right is not { } entry || entry.Mode.IsSubmodule()) continue;
            if (entry.IsTree) AddTree(left?.Id, entry.Id, depth + 1);
            else Plan(new Item(entry.Id, ObjectKind.Blob, null));
        }
    }

    private bool Plan(Item item)
    {
        if (!_planned.Add(item.Id)) return false;
        _items.Add(item);
        return true;
    }

    private void Write(Item item, EntryBuffer buffer, long offset, Dictionary<ObjectId, (long Offset, int Depth)> places)
    {
        var depth = 0;
        if (item.Kind != ObjectKind.Tree)
        {
            buffer.AppendWhole(item.Kind, _store.Read(item.Id).Bytes.Span, item.Kind == ObjectKind.Blob ? Packing.Deflate : Packing.Store);
        }
        else
        {
            var content = _store.ReadTreeContent(item.Id).Span;
            var (baseOffset, baseDepth) = item.Base is { } b ? places.GetValueOrDefault(b, (-1, _planned.Contains(b) ? MaxDeltaDepth : 0)) : default;
            if (item.Base is { } id && baseDepth < MaxDeltaDepth && _store.TryRead(id, out var old) && TreeDelta.Create(old.Bytes.Span, content) is { } delta)
            {
                depth = baseDepth + 1;
                if (baseOffset >= 0) buffer.AppendOffsetDelta(offset - baseOffset, delta);
                else buffer.AppendReferenceDelta(id, delta);
            }
            else
            {
                buffer.AppendWhole(ObjectKind.Tree, content, Packing.Store);
            }
        }
        places[item.Id] = (offset, depth);
    }

    private readonly record struct Item(ObjectId Id, ObjectKind Kind, ObjectId? Base);
}
