using System.Collections.Immutable;
using System.Globalization;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Commits;

/// <summary>Where the other side of an integration stands.</summary>
/// <param name="branch">Our branch, short.</param>
/// <param name="tip">The other side's tip; its objects are in the store.</param>
/// <param name="onRewind">What to do when <paramref name="tip"/> does not descend from what was seen last.</param>
/// <param name="now">Names the ref that keeps what a rewind took away.</param>
internal sealed class OtherSide(string branch, ObjectId tip, RewindPolicy onRewind, DateTimeOffset now)
{
    public string Branch => branch;

    public ObjectId Tip => tip;

    public RewindPolicy OnRewind => onRewind;

    public DateTimeOffset Now => now;

    /// <summary>The full name of the ref that remembers a remote's tip; null when the other side is the repository's own folder.</summary>
    public string? SeenRef { get; init; }

    /// <summary>What the other side held last, where no ref remembers it; zero for nothing.</summary>
    public ObjectId Seen { get; init; }

    public ObjectId? SeenIn(ImmutableDictionary<string, ObjectId> refs)
    {
        if (SeenRef is null) return Seen.IsZero ? null : Seen;
        return refs.TryGetValue(SeenRef, out var seen) ? seen : null;
    }

    /// <summary>Inboxes that the tip has taken in: they end with the same batch.</summary>
    public IReadOnlyList<AbsorbOperation> Absorbs { get; init; } = [];

    /// <summary>
    /// Runs on the writer's thread when the outcome is known, with the sequence number of its batch; it is durable unless it is
    /// <see cref="IntegrateOutcome.Unavailable"/>.
    /// </summary>
    public Action<IntegrateOutcome, long>? OnAnswer { get; init; }
}

/// <summary>
/// Brings another side's commits into our branch: a fast-forward when nothing of ours waits, else ours are made again on top of
/// theirs. Doing it twice changes nothing.
/// </summary>
/// <param name="prepared">What was done beforehand; it is used when it still fits.</param>
internal sealed class IntegrateOperation(OtherSide other, PreparedIntegration? prepared = null) : WriteOperation<IntegrateOutcome>
{
    private readonly string _head = "refs/heads/" + other.Branch;
    private IntegrateOutcome _outcome = new IntegrateOutcome.UpToDate();

    public override void Apply(Batch batch)
    {
        // Commits of this very batch are ours too: the store must be able to read them.
        batch.Spill();
        if (batch.TreeOf(other.Tip) == ObjectId.EmptyTree) batch.WriteEmptyTree();
        if (!batch.Refs.TryGetValue(_head, out var ours))
        {
            // An inbox that has ended since this was asked for is not begun again.
            if (!batch.Refs.ContainsKey(InboxRef.MergedOf(other.Branch))) FastForward(batch);
        }
        else if (ours == other.Tip) Remember(batch);
        else Integrate(batch, ours);
        batch.SetRef(WorkRef.Replaying, ObjectId.Zero);
        if (_outcome is not IntegrateOutcome.Rewound)
            foreach (var inbox in other.Absorbs) inbox.Apply(batch);
    }

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

    private void Integrate(Batch batch, ObjectId ours)
    {
        var seen = other.SeenIn(batch.Refs);
        var fitting = prepared?.Plan.TryFollow(batch.Store, other.Tip, ours, seen);
        var plan = fitting ?? IntegratePlan.Of(batch.Store, other, ours, seen);
        var replay = fitting is null ? new Replay(plan.Waiting, other.Tip) : prepared!.Replay;
        switch (plan.Kind)
        {
            case IntegrateKind.Holds:
                Remember(batch);
                break;
            case IntegrateKind.Replay:
                PutOnTop(batch, replay);
                break;
            case IntegrateKind.ReplayRewound:
                KeepAside(batch, ours);
                PutOnTop(batch, replay);
                break;
            case IntegrateKind.HoldsRewound:
                KeepAside(batch, ours);
                Remember(batch);
                break;
            case IntegrateKind.Stop:
                _outcome = new IntegrateOutcome.Rewound(seen ?? other.Tip, other.Tip);
                break;
        }
    }

    // Of a short-lived branch nothing is kept: whoever has rewritten it may have wanted that something goes.
    private void KeepAside(Batch batch, ObjectId ours)
    {
        if (ShortLivedRef.IsHead(_head)) batch.Forget(ours);
        else batch.SetRef(LostRef(batch), ours);
    }

    private string LostRef(Batch batch)
    {
        var name = "refs/pasteur/lost/" + other.Now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var unused = name;
        for (var n = 2; batch.Refs.ContainsKey(unused); n++) unused = string.Create(CultureInfo.InvariantCulture, $"{name}-{n}");
        return unused;
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

    private void PutOnTop(Batch batch, Replay replay)
    {
        replay.Advance(batch, replay.Left);
        batch.SetRef(_head, replay.Tip);
        Remember(batch);
        _outcome = replay.Tip == other.Tip ? new IntegrateOutcome.FastForwarded(replay.Tip) : new IntegrateOutcome.Replayed(replay.Tip, replay.Done, replay.Conflicts);
    }
}
