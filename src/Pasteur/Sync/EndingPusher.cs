using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// Takes branches that come and go to the remote, and deletes there those whose time is over. A loop of its own beside
/// <see cref="Pusher"/>: a remote that refuses these must not keep the others, nor those who wait for them. Nothing is ever forced: a branch
/// is made, goes on, and is deleted as what it was last seen to be.
/// </summary>
internal sealed class EndingPusher
{
    private readonly SyncParts _parts;
    private readonly Puller _puller;
    private readonly EndingBranches _ending;
    private readonly Turn _turn;
    private readonly WakeUp _work;
    private readonly WakeUp _remoteIsBack;
    private readonly Backoff _away;
    private volatile bool _isProbed;
    private volatile string? _refusal;

    /// <param name="turn">Whose turn it is to push such branches.</param>
    public EndingPusher(SyncParts parts, Puller puller, EndingBranches ending, Turn turn)
    {
        (_parts, _puller, _ending, _turn) = (parts, puller, ending, turn);
        _work = new WakeUp(parts.Time);
        _remoteIsBack = new WakeUp(parts.Time);
        _away = parts.NewBackoff();
        Acks = new AckQueue(parts.Time);
        puller.FoundPast += Wake;
    }

    private enum Step
    {
        NothingWaits,
        Pushed,
        LostRace,
        Failed,
        Refused,
    }

    public AckQueue Acks { get; }

    /// <summary>What the remote has against branches that come and go, in its words; null while nothing is known to be.</summary>
    public string? Refusal => _refusal;

    /// <summary>The remote was asked, and makes and deletes them.</summary>
    public bool IsTaken => _isProbed && _refusal is null;

    /// <summary>Whether a snapshot holds something of ours that went from such a branch to one that has not reached the remote with it.</summary>
    public Func<Snapshot, bool> Owes { get; init; } = static _ => false;

    /// <summary>Something was committed.</summary>
    public void Wake() => _work.Call();

    /// <inheritdoc cref="Pusher.Hurry"/>
    public void Hurry()
    {
        _remoteIsBack.Call();
        _work.Call();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await TryStepAsync(cancellationToken))
            {
                case Step.NothingWaits:
                    _away.Reset();
                    await _work.SleepAsync(_parts.Settings.PullEvery, cancellationToken);
                    break;
                case Step.Pushed:
                    _away.Reset();
                    break;
                case Step.LostRace:
                    await _remoteIsBack.SleepAsync(_parts.Random.NextDouble() * Limits.FirstRetry, cancellationToken);
                    break;
                case Step.Failed:
                    await _remoteIsBack.SleepAsync(_away.Next(), cancellationToken);
                    break;
                case Step.Refused:
                    _isProbed = false;
                    await _remoteIsBack.SleepAsync(Limits.ProbeAgainAfter, cancellationToken);
                    break;
            }
        }
    }

    private async Task<Step> TryStepAsync(CancellationToken cancellationToken)
    {
        using var turn = await _turn.TakeAsync(cancellationToken);
        try
        {
            return await ProbeAsync(cancellationToken) ?? await DeleteAsync(cancellationToken) ?? await PushAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _parts.Report.Log.OwnFault(e);
            _parts.Report.SideFailed(SyncProblem.OfOurs("pushing", e), _ending.IsInbox);
            return Step.Failed;
        }
    }

    // Null: the remote makes and deletes branches.
    private async Task<Step?> ProbeAsync(CancellationToken cancellationToken)
    {
        if (_isProbed || !_ending.IsWanted())
            return null;
        var made = await _parts.Remote.PushAsync(new PushRequest { Updates = [new RefUpdate(_ending.ProbeHead, ObjectId.Zero, BranchProbe.Commit)], WritePack = BranchProbe.WritePackAsync }, cancellationToken);
        var there = BranchProbe.Commit;
        if (made is PushOutcome.RemoteMoved { Actual: { IsZero: false } left })
            there = left;
        else if (made is not PushOutcome.Accepted)
            return Judge(made, "the remote takes no new branches");
        var deleted = await _parts.Remote.PushAsync(new PushRequest { Updates = [new RefUpdate(_ending.ProbeHead, there, ObjectId.Zero)] }, cancellationToken);
        if (deleted is not PushOutcome.Accepted)
            return Judge(deleted, $"the remote deletes no branches, not even {_ending.ProbeHead}, which was made to see");
        _isProbed = true;
        _refusal = null;
        _parts.Report.SideTaken(_ending.IsInbox);
        return null;
    }

    // Null: there are none.
    private async Task<Step?> DeleteAsync(CancellationToken cancellationToken)
    {
        var past = _puller.Past;
        var updates = past.Keys.Where(name => _ending.BranchOf(name) is not null).Take(Limits.MaxBranchesPerPush).Select(name => new RefUpdate(name, past[name], ObjectId.Zero)).ToArray();
        if (updates.Length == 0)
            return null;
        var outcome = await _parts.Remote.PushAsync(new PushRequest { Updates = updates, IsAtomic = false }, cancellationToken);
        if (outcome is PushOutcome.Accepted)
            _parts.Report.SideDeleted(updates.Length, _ending.IsInbox);
        // Another server may have been faster with some of them: what is there now, a fetch tells.
        if (outcome is PushOutcome.Accepted or PushOutcome.RemoteMoved or PushOutcome.Rejected { Kind: RejectionKind.Race })
            return !await _puller.FetchAsync(cancellationToken) ? Step.Failed : outcome is PushOutcome.Accepted ? Step.Pushed : Step.LostRace;
        return Judge(outcome, "the remote deletes no branches");
    }

    private async Task<Step> PushAsync(CancellationToken cancellationToken)
    {
        var snapshot = _parts.Repository.Current;
        // Short names.
        var waiting = snapshot.RefNames.Select(_ending.LivingBranch).OfType<string>().Where(branch => IsAhead(snapshot, branch)).ToArray();
        if (waiting.Length == 0)
        {
            if (!Owes(snapshot))
                Acks.Land(snapshot.Sequence);
            _parts.Report.SidePushed(0, _ending.IsInbox);
            ReportWaiting(0, snapshot.Sequence);
            return Step.NothingWaits;
        }
        var pushed = waiting.Take(Limits.MaxBranchesPerPush).Select(branch => Plan(snapshot, branch)).ToArray();
        // Of a branch that has to wait for the next push one commit at least.
        ReportWaiting(pushed.Sum(one => one.Plan.Waiting) + waiting.Length - pushed.Length, snapshot.Sequence);
        foreach (var one in pushed.Where(one => !one.Plan.Follows))
            if (await ReturnToRemoteAsync(one, cancellationToken) is { } failed)
                return failed;
        if (pushed.Any(one => !one.Plan.Follows))
            return Step.LostRace;
        var pack = PushPlan.Join([.. pushed.Select(one => one.Plan)]);
        var request = new PushRequest
        {
            Updates = [.. pushed.Select(one => one.Update)],
            WritePack = (stream, ct) => new ValueTask(pack.WriteAsync(stream, ct)),
            IsAtomic = false,
            MakesWay = _parts.Erasing.MakesWay,
        };
        var outcome = await _parts.Remote.PushAsync(request, cancellationToken);
        var isAll = pushed.Length == waiting.Length && pushed.All(one => one.IsAll);
        return await JudgeAsync(outcome, pushed, isAll && !Owes(snapshot) ? snapshot.Sequence : null, cancellationToken);
    }

    private static bool IsAhead(Snapshot snapshot, string branch) => snapshot.TryGetRef("refs/heads/" + branch, out var tip) && snapshot.RemoteTip(branch) != tip;

    private Pushed Plan(Snapshot snapshot, string branch)
    {
        var head = "refs/heads/" + branch;
        snapshot.TryGetRef(head, out var ours);
        var theirs = snapshot.RemoteTip(branch);
        var plan = _parts.Repository.PlanPush(ours, theirs, Limits.MaxCommitsPerPush);
        return new Pushed(branch, plan, new RefUpdate(head, theirs ?? ObjectId.Zero, plan.Tip), plan.Tip == ours);
    }

    // The owner has set it back in the data folder: the remote's comes back, with ours on top. Null: done.
    private async Task<Step?> ReturnToRemoteAsync(Pushed one, CancellationToken cancellationToken)
    {
        var outcome = await _parts.Repository.IntegrateAsync(one.Branch, one.Update.Old, _ending.IsInbox ? RewindPolicy.Replay : RewindPolicy.Follow, cancellationToken);
        return outcome is IntegrateOutcome.FastForwarded or IntegrateOutcome.Replayed ? null : Fail($"{one.Branch} here does not follow the remote's {one.Update.Old}");
    }

    private async Task<Step> JudgeAsync(PushOutcome outcome, Pushed[] pushed, long? sequence, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case PushOutcome.Accepted:
                return await RecordAsync(pushed, sequence, cancellationToken);
            case PushOutcome.RemoteMoved moved:
                return await CatchUpAsync(moved, cancellationToken);
            case PushOutcome.MadeWay:
                return Step.LostRace;
            case PushOutcome.Rejected rejected:
                var taken = pushed.Where(one => rejected.AcceptedRefs.Contains(one.Update.Name)).ToArray();
                if (taken.Length > 0)
                    await RecordAsync(taken, null, cancellationToken);
                if (rejected.Kind is RejectionKind.NonFastForward or RejectionKind.Race)
                    return await _puller.FetchAsync(cancellationToken) ? Step.LostRace : Step.Failed;
                return Judge(outcome, "the remote does not take a branch");
            case PushOutcome.Undecided or PushOutcome.Refused or PushOutcome.Broken:
                return Judge(outcome, "");
            default:
                throw new UnreachableException();
        }
    }

    private async Task<Step> RecordAsync(Pushed[] pushed, long? sequence, CancellationToken cancellationToken)
    {
        if (sequence is { } landed)
            Acks.Land(landed);
        var recorded = await Task.WhenAll(pushed.Select(one => _parts.Repository.RecordRemoteAsync(one.Branch, one.Update.Old, one.Plan.Tip, cancellationToken).AsTask()));
        _parts.Report.SidePushed(pushed.Length, _ending.IsInbox);
        return Array.TrueForAll(recorded, isRecorded => isRecorded) ? Step.Pushed : Fail("pushed, but the store takes no writes");
    }

    // Somebody else's commits come first. A branch that is gone, and for which something waits, is made again also near its end.
    private async Task<Step> CatchUpAsync(PushOutcome.RemoteMoved moved, CancellationToken cancellationToken)
    {
        if (!await _puller.FetchAsync(cancellationToken))
            return Step.Failed;
        if (moved.Actual.IsZero && _ending.LivingBranch(moved.Ref) is { } branch && _ending.StateOf(branch) == EndingState.Closing)
            await _parts.Repository.ForgetRemoteAsync(branch, cancellationToken);
        return Step.LostRace;
    }

    private Step Judge(PushOutcome outcome, string what)
    {
        switch (outcome)
        {
            // A hook, a rule for branches, rights: what a try again will not change.
            case PushOutcome.Rejected { Kind: not (RejectionKind.Race or RejectionKind.NonFastForward) } rejected:
                return Refuse(what, string.Join("; ", [rejected.Reason, .. rejected.Messages]));
            case PushOutcome.Broken { Reason: PushOutcome.DeletesNothing }:
                return Refuse(what, PushOutcome.DeletesNothing);
            case PushOutcome.Rejected rejected:
                return Fail(rejected.Reason);
            case PushOutcome.RemoteMoved moved:
                return Fail($"{moved.Ref} is at {moved.Actual}");
            case PushOutcome.Undecided undecided:
                return Fail($"the outcome of a push is unknown: {undecided.Reason}");
            case PushOutcome.Refused refused:
                Acks.Reject(_parts.Repository.Current.Sequence, refused.Words);
                return Fail(refused.Words);
            case PushOutcome.Broken broken:
                return Fail(broken.Reason);
            default:
                throw new UnreachableException();
        }
    }

    private Step Refuse(string what, string words)
    {
        _refusal = $"{what}: {words}";
        Acks.Reject(_parts.Repository.Current.Sequence, words);
        _parts.Report.SideRefused(_refusal, _ending.IsInbox);
        // These stay here by what was chosen for such a remote: nothing waits.
        if (!_ending.IsInbox)
            ReportWaiting(0, long.MaxValue);
        return Step.Refused;
    }

    private void ReportWaiting(int commits, long sequence) =>
        _parts.Report.Waiting(_ending.IsInbox ? PushedBranches.Inboxes : PushedBranches.Ending, commits, _parts.Time.GetUtcNow(), sequence);

    private Step Fail(string reason)
    {
        _parts.Report.SideFailed(new SyncProblem(reason), _ending.IsInbox);
        return Step.Failed;
    }

    /// <param name="isAll">False when the branch holds more than fits into one push.</param>
    private sealed class Pushed(string branch, PushPlan plan, RefUpdate update, bool isAll)
    {
        public string Branch => branch;

        public PushPlan Plan => plan;

        public RefUpdate Update => update;

        public bool IsAll => isAll;
    }
}
