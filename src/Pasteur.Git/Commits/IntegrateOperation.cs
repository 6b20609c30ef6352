using System.Globalization;
using System.Text;
using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>Where the other side of an integration stands.</summary>
/// <param name="Branch">Our branch, short.</param>
/// <param name="Tip">The other side's tip; its objects are in the store.</param>
/// <param name="OnRewind">What to do when <paramref name="Tip"/> does not descend from what was seen last.</param>
/// <param name="Now">Names the ref that keeps what a rewind took away.</param>
internal sealed record OtherSide(string Branch, ObjectId Tip, RewindPolicy OnRewind, DateTimeOffset Now)
{
    /// <summary>The full name of the ref that remembers a remote's tip; null when the other side is the repository's own folder.</summary>
    public string? SeenRef { get; init; }

    /// <summary>What the other side held last, where no ref remembers it; zero for nothing.</summary>
    public ObjectId Seen { get; init; }

    /// <summary>
    /// Runs on the writer's thread when the outcome is known, with the sequence number of its batch; it is durable unless it is
    /// <see cref="IntegrateOutcome.Unavailable"/>.
    /// </summary>
    public Action<IntegrateOutcome, long>? OnAnswer { get; init; }
}

/// <summary>
/// Brings another side's commits into our branch: a fast-forward when nothing of ours waits, else ours are made again on top of
/// theirs with the same author, time and message. Blobs keep their ids. Doing it twice changes nothing.
/// </summary>
internal sealed class IntegrateOperation(OtherSide other) : WriteOperation<IntegrateOutcome>
{
    private const int SpillEvery = 256;

    private readonly string _head = "refs/heads/" + other.Branch;
    private IntegrateOutcome _outcome = new IntegrateOutcome.UpToDate();

    public override void Apply(Batch batch)
    {
        // Commits of this very batch are ours too: the store must be able to read them.
        batch.Spill();
        if (batch.TreeOf(other.Tip) == ObjectId.EmptyTree) batch.WriteEmptyTree();
        if (!batch.Refs.TryGetValue(_head, out var ours))
        {
            FastForward(batch);
            return;
        }
        if (ours == other.Tip)
        {
            Remember(batch);
            return;
        }
        var seen = Seen(batch) ?? other.Tip;
        var waiting = Ancestry.Missing(batch.Store, ours, seen);
        if (HoldsTip(batch, waiting)) Remember(batch);
        else if (Ancestry.IsAncestor(batch.Store, seen, other.Tip)) Replay(batch, waiting);
        else Rewind(batch, ours, seen, waiting);
    }

    // True when the tip is one of ours that wait (a push whose answer was lost), or one of them was made on it.
    private bool HoldsTip(Batch batch, List<ObjectId> waiting) =>
        waiting.Contains(other.Tip) || waiting.Any(id => batch.Store.ReadCommit(id).Parents.Contains(other.Tip));

    public override void Complete(long sequence)
    {
        other.OnAnswer?.Invoke(_outcome, sequence);
        Answer(_outcome);
    }

    public override void Fail(string reason)
    {
        _outcome = new IntegrateOutcome.Unavailable(reason);
        Complete(0);
    }

    private void Rewind(Batch batch, ObjectId ours, ObjectId seen, List<ObjectId> waiting)
    {
        if (other.OnRewind == RewindPolicy.Stop)
        {
            _outcome = new IntegrateOutcome.Rewound(seen, other.Tip);
            return;
        }
        batch.SetRef(LostRef(batch), ours);
        var all = other.OnRewind == RewindPolicy.Replay ? Ancestry.Missing(batch.Store, ours, other.Tip) : waiting;
        if (other.OnRewind == RewindPolicy.Replay && Ancestry.IsAncestor(batch.Store, other.Tip, ours)) Remember(batch);
        else Replay(batch, all);
    }

    private string LostRef(Batch batch)
    {
        var name = "refs/pasteur/lost/" + other.Now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var unused = name;
        for (var n = 2; batch.Refs.ContainsKey(unused); n++) unused = string.Create(CultureInfo.InvariantCulture, $"{name}-{n}");
        return unused;
    }

    private ObjectId? Seen(Batch batch)
    {
        if (other.SeenRef is null) return other.Seen.IsZero ? null : other.Seen;
        return batch.Refs.TryGetValue(other.SeenRef, out var seen) ? seen : null;
    }

    private void Remember(Batch batch)
    {
        if (other.SeenRef is { } name) batch.SetRef(name, other.Tip);
    }

    private void FastForward(Batch batch)
    {
        batch.SetRef(_head, other.Tip);
        Remember(batch);
        _outcome = new IntegrateOutcome.FastForwarded(other.Tip);
    }

    private void Replay(Batch batch, List<ObjectId> waiting)
    {
        var tip = other.Tip;
        var replayed = 0;
        var conflicts = new List<string>();
        foreach (var id in waiting)
        {
            tip = ReplayOne(batch, tip, id, conflicts);
            if (++replayed % SpillEvery == 0) batch.Spill();
        }
        batch.SetRef(_head, tip);
        Remember(batch);
        _outcome = tip == other.Tip ? new IntegrateOutcome.FastForwarded(tip) : new IntegrateOutcome.Replayed(tip, replayed, conflicts);
    }

    private static ObjectId ReplayOne(Batch batch, ObjectId tip, ObjectId id, List<string> conflicts)
    {
        var commit = batch.Store.ReadCommit(id);
        var before = commit.Parents.Count > 0 && batch.Store.TryReadCommit(commit.Parents[0], out var parent) ? parent.Tree : ObjectId.EmptyTree;
        var onto = batch.TreeOf(tip);
        var puts = new List<TreePut>();
        foreach (var change in TreeDiff.Files(batch.Store, before, commit.Tree))
        {
            if (!Conflicts(batch, onto, change)) puts.Add(new TreePut(change.Path, change.New?.Mode ?? TreeMode.File, change.New?.Id));
            else conflicts.Add(Encoding.UTF8.GetString(change.Path));
        }
        puts.Sort(static (left, right) => left.Path.AsSpan().SequenceCompareTo(right.Path));
        var tree = batch.ApplyEdits(onto, puts);
        return tree == onto ? tip : batch.WriteCommit(tree, CommitFormat.Rewrite(batch.Store.Read(id).Bytes.Span, tree, tip));
    }

    // Ours goes where theirs is as it was when ours was made, or is the same already. A removal always goes through: what one side has
    // deleted, no edit of the other brings back.
    private static bool Conflicts(Batch batch, ObjectId onto, TreeChange change)
    {
        if (change.New is not { } ours) return false;
        if (!batch.TryFind(onto, change.Path, out var theirs)) return change.Old is not null;
        return theirs != ours.Id && theirs != change.Old?.Id;
    }
}
