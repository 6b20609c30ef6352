using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Commits;

/// <summary>What was prepared of an integration; the writer checks whether it still fits.</summary>
internal sealed record PreparedIntegration(IntegratePlan Plan, Replay Replay);

/// <summary>
/// Prepares an integration so that the writer is not held: walks the histories beside it, and replays what waits in slices between which
/// it does what others want of it. Each slice ends as a batch of its own that moves <see cref="WorkRef.Replaying"/>: what the branch is moved to in the
/// end is then known to every later start, and to the owner's gc, piece by piece. A start that finds the ref left over pays it no heed.
/// </summary>
internal sealed class SlicedReplay(ObjectStore store, CommitWriter writer, OtherSide other)
{
    /// <summary>A few milliseconds of the writer's time.</summary>
    public const int CommitsASlice = 32;

    // Should commits come in as fast as they can be replayed, the rest is done in one piece.
    private const int MostSlices = 100_000;

    private readonly string _head = "refs/heads/" + other.Branch;

    /// <returns>Null when there is nothing to prepare, or it did not work: then the integration does all by itself.</returns>
    public async Task<PreparedIntegration?> RunAsync(CancellationToken cancellationToken)
    {
        if (await Task.Run(Plan, cancellationToken).ConfigureAwait(false) is not { } plan) return null;
        var replay = new Replay(plan.Waiting, other.Tip);
        // What a short-lived branch holds is never named by a lasting ref, such as that of the slices: it is done in one piece.
        if (ShortLivedRef.IsHead(_head) || plan.Kind is not (IntegrateKind.Replay or IntegrateKind.ReplayRewound)) return new PreparedIntegration(plan, replay);
        for (var slices = 0; replay.Left > CommitsASlice && slices < MostSlices; slices++)
        {
            var slice = new ReplaySlice(replay, CommitsASlice);
            if (!writer.TryAdd(slice, urgent: true) || !await slice.Completion.WaitAsync(cancellationToken).ConfigureAwait(false)) return null;
            if (replay.Left > CommitsASlice) continue;
            // What was committed meanwhile.
            if (await Task.Run(() => Follow(plan), cancellationToken).ConfigureAwait(false) is not { } grown) return null;
            plan = grown;
        }
        return new PreparedIntegration(plan, replay);
    }

    private IntegratePlan? Plan()
    {
        var snapshot = writer.Current;
        return snapshot.TryGetRef(_head, out var ours) && ours != other.Tip ? IntegratePlan.Of(store, other, ours, other.SeenIn(snapshot.Refs)) : null;
    }

    private IntegratePlan? Follow(IntegratePlan plan)
    {
        var snapshot = writer.Current;
        return snapshot.TryGetRef(_head, out var ours) ? plan.TryFollow(store, other.Tip, ours, other.SeenIn(snapshot.Refs)) : null;
    }

    private sealed class ReplaySlice(Replay replay, int commits) : WriteOperation<bool>
    {
        public override void Apply(Batch batch)
        {
            // The store must be able to read what other operations of this batch have made.
            batch.Spill();
            replay.Advance(batch, commits);
            batch.SetRef(WorkRef.Replaying, replay.Tip);
        }

        public override void Complete(long sequence) => Answer(true);

        public override void Fail(string reason) => Answer(false);
    }
}
