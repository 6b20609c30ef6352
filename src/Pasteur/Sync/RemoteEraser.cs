using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// Takes something out of the history of the remote and of ours: what the branches are to become is made beside them, the remote moves all
/// of its own in one push or none, from exactly what they were seen to be, and only then ours move. Killed in between, this server finds
/// the remote as any other server does (<see cref="Puller"/>). No push is under way meanwhile, and no fetch whose news would be old.
/// </summary>
/// <param name="turns">Of those who push.</param>
internal sealed class RemoteEraser(SyncParts parts, Puller puller, IReadOnlyList<Turn> turns)
{
    private const string NoHistory = "this server keeps no history, only the newest state; erase on one that has a data folder";

    public async Task<EraseOutcome> EraseAsync(EraseRequest request, CancellationToken cancellationToken)
    {
        if (!await puller.FetchAsync(cancellationToken))
            return Away();
        // What this server was begun with is the newest state alone.
        if (!parts.Repository.IsWhole() && parts.KeepsData && !await puller.FetchAllAsync(cancellationToken))
            return Away();
        if (!parts.Repository.IsWhole())
            return new EraseOutcome.Refused(NoHistory);
        await using var erasure = parts.Repository.Erase(request);
        // The long part of it: pushes and fetches go on.
        if (await erasure.PrepareAsync(cancellationToken) is { } problem)
            return new EraseOutcome.Unavailable(problem);
        if (erasure.NotFound is [_, ..] unknown)
            return new EraseOutcome.Unknown(unknown);
        using var first = await turns[0].TakeAsync(cancellationToken);
        using var second = await turns[1].TakeAsync(cancellationToken);
        using var third = await turns[2].TakeAsync(cancellationToken);
        var isMarked = false;
        try
        {
            for (var tries = 0; tries < Limits.MaxEraseTries; tries++)
            {
                if (!await puller.FetchAsync(cancellationToken))
                    return Away();
                using (await puller.HoldAsync(cancellationToken))
                    if (await TryAsync(erasure, cancellationToken) is { } outcome)
                        return outcome;
                isMarked = isMarked || await AskForWayAsync(cancellationToken);
            }
        }
        finally
        {
            // Should this not arrive, the others do it in time.
            if (isMarked)
                await parts.Remote.PushAsync(new PushRequest { Updates = [new RefUpdate(parts.Erasing.Head, BranchProbe.Commit, ObjectId.Zero)] }, CancellationToken.None);
        }
        return new EraseOutcome.Away("others push faster than this server");
    }

    // False: the remote makes no such branch, and the others go on.
    private async Task<bool> AskForWayAsync(CancellationToken cancellationToken) =>
        await parts.Remote.PushAsync(new PushRequest { Updates = [new RefUpdate(parts.Erasing.Head, ObjectId.Zero, BranchProbe.Commit)], WritePack = BranchProbe.WritePackAsync }, cancellationToken) is PushOutcome.Accepted;

    private EraseOutcome.Away Away() => new(parts.Report.Problem?.Reason ?? "the remote cannot be asked now");

    // Null: the remote has moved meanwhile.
    private async Task<EraseOutcome?> TryAsync(HistoryErasure erasure, CancellationToken cancellationToken)
    {
        // What was committed or fetched since.
        if (await erasure.PrepareAsync(cancellationToken) is { } problem)
            return new EraseOutcome.Unavailable(problem);
        if (await erasure.MarkAsync(cancellationToken) is not { } tips)
            return new EraseOutcome.Unavailable("the store takes no writes");
        var pushed = tips.Heads.Where(head => head.Name == parts.Head || parts.Repository.RemoteTip(Short(head)) is not null).Concat(Ended()).ToArray();
        erasure.MayBeElsewhere = true;
        var answer = await PushAsync(erasure, pushed, cancellationToken);
        erasure.MayBeElsewhere = answer is PushOutcome.Undecided;
        return answer switch
        {
            PushOutcome.Accepted => await ApplyAsync(erasure, tips, pushed, cancellationToken),
            PushOutcome.RemoteMoved or PushOutcome.Rejected { Kind: RejectionKind.Race } => null,
            PushOutcome.Rejected rejected => new EraseOutcome.Refused(string.Join("; ", [rejected.Reason, .. rejected.Messages])),
            PushOutcome.Refused refused => new EraseOutcome.Refused(refused.Words),
            PushOutcome.Broken { Reason: PushOutcome.NotAtomic or PushOutcome.DeletesNothing } lacking => new EraseOutcome.Refused(lacking.Reason),
            PushOutcome.Broken broken => new EraseOutcome.Away(broken.Reason),
            // Should it have landed, the next fetch finds it and does the rest.
            PushOutcome.Undecided undecided => new EraseOutcome.Away($"the outcome of the push is unknown: {undecided.Reason}"),
            _ => throw new UnreachableException(),
        };
    }

    // An inbox that the branch has taken in still holds on the remote what goes from the branch: it goes with the same push.
    private IEnumerable<MovedRef> Ended() =>
        parts.Repository.Current.EndedInboxes().Where(inbox => parts.Repository.RemoteTip(inbox) is not null).Select(inbox => new MovedRef("refs/heads/" + inbox, parts.Repository.RemoteTip(inbox)!.Value, ObjectId.Zero));

    private Task<PushOutcome> PushAsync(HistoryErasure erasure, MovedRef[] heads, CancellationToken cancellationToken)
    {
        var plans = heads.Where(head => !head.After.IsZero).Select(head => erasure.PlanPush(head, parts.Repository.RemoteTip(Short(head)))).ToArray();
        var pack = PushPlan.Join(plans);
        return parts.Remote.PushAsync(new PushRequest
        {
            Updates = [.. heads.Select(head => new RefUpdate(head.Name, parts.Repository.RemoteTip(Short(head)) ?? ObjectId.Zero, head.After))],
            WritePack = (stream, ct) => new ValueTask(pack.WriteAsync(stream, ct)),
            MustBeAtomic = true,
        }, cancellationToken);
    }

    // The remote has it: from here on, whoever asked may leave.
    private async Task<EraseOutcome> ApplyAsync(HistoryErasure erasure, ErasedTips tips, MovedRef[] pushed, CancellationToken cancellationToken)
    {
        parts.Report.Log.ErasedThere(pushed.Length);
        var outcome = await erasure.ApplyAsync(withMarks: false, CancellationToken.None);
        if (outcome is not EraseOutcome.Erased erased)
            return outcome;
        foreach (var head in pushed.Where(head => head.Name != parts.Head))
        {
            var known = parts.Repository.RemoteTip(Short(head)) ?? ObjectId.Zero;
            if (!head.After.IsZero) await parts.Repository.RecordRemoteAsync(Short(head), known, head.After, cancellationToken);
        }
        var taken = await parts.Repository.IntegrateAsync(parts.Branch, tips.Tip, RewindPolicy.Follow, CancellationToken.None);
        return taken is IntegrateOutcome.Unavailable unavailable ? new EraseOutcome.Unavailable(unavailable.Reason) : await WithOthersAsync(erasure, erased with { Remote = [.. pushed.Select(head => head.Name)] }, cancellationToken);
    }

    // What else the remote has is nothing of ours to rewrite; whoever asked is told where it is still.
    private async Task<EraseOutcome> WithOthersAsync(HistoryErasure erasure, EraseOutcome.Erased erased, CancellationToken cancellationToken)
    {
        var all = new FetchRequest { Refs = ["refs/"], Wants = static _ => false, IsKnown = static _ => true, Receive = static (_, _, _) => Task.CompletedTask };
        if (await parts.Remote.FetchAsync(all, cancellationToken) is not FetchOutcome.UpToDate { Refs.Tips: var tips })
            return erased with { OthersUnknown = "the remote could not be asked for its other branches" };
        List<string> held = [], unknown = [];
        foreach (var (name, tip) in tips)
        {
            if (name == parts.Head || erased.Remote!.Contains(name) || ErasingBranch.Is(name))
                continue;
            var isHeld = erasure.IsHeldBy(tip);
            if (isHeld is not false)
                (isHeld is true ? held : unknown).Add(name);
        }
        // With --forget-deleted nobody reads the answer.
        if (held.Count > 0)
            parts.Report.Log.LogWarning("refs of the remote still hold what was erased: {Refs}; delete them there", string.Join(", ", held));
        return erased with { StillHeldBy = held, MayBeHeldBy = unknown };
    }

    private static string Short(MovedRef head) => head.Name["refs/heads/".Length..];
}
