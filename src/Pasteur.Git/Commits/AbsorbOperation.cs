using Pasteur.Git.History;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Commits;

/// <summary>
/// Ends an inbox that a branch has taken in: what was committed to it since is made again on the branch, and from then on the branch alone counts. Doing it
/// twice changes nothing.
/// </summary>
/// <param name="taken">The commit of the inbox up to which the branch has it.</param>
/// <param name="tip">What the remote's has become since; null: ours ends.</param>
internal sealed class AbsorbOperation(string branch, string inbox, ObjectId taken, ObjectId? tip = null) : WriteOperation<bool>
{
    public override void Apply(Batch batch)
    {
        batch.Spill();
        var head = "refs/heads/" + branch;
        var isThere = batch.Refs.TryGetValue("refs/heads/" + inbox, out var ours);
        // Somebody may have done it since this was asked for, and further than is known here.
        if (!batch.Refs.TryGetValue(head, out var onto) || (!isThere && tip is null)) return;
        var upTo = batch.Refs.GetValueOrDefault(InboxRef.MergedOf(inbox), taken);
        foreach (var end in (ObjectId?[])[isThere ? ours : null, tip])
        {
            if (end is not { } last) continue;
            var waiting = Ancestry.Missing(batch.Store, last, upTo);
            if (waiting.Count == 0) continue;
            var replay = new Replay(waiting, onto);
            replay.Advance(batch, replay.Left);
            // What the one and the other put there may be the same commits: made again they change nothing.
            (onto, upTo) = (replay.Tip, last);
        }
        batch.SetRef(head, onto);
        batch.SetRef(WorkRef.Merging, ObjectId.Zero);
        if (isThere) batch.SetRef("refs/heads/" + inbox, ObjectId.Zero);
        batch.SetRef(InboxRef.MergedOf(inbox), upTo);
        if (tip is { } seen) batch.SetRef(Repository.RemoteRef(inbox), seen);
    }

    public override void Complete(long sequence) => Answer(true);

    public override void Fail(string reason) => Answer(false);
}
