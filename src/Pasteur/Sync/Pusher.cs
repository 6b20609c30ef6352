using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// Offers the remote what it lacks. One push is under way at a time; all that was committed meanwhile joins the next. Whatever
/// goes wrong is tried again for as long as the program runs, each time from the tip that the remote then shows.
/// </summary>
internal sealed class Pusher
{
    private const string CheckedOutAdvice = "use a bare repository, or run there: git config receive.denyCurrentBranch updateInstead";

    private readonly SyncParts _parts;
    private readonly Puller _puller;
    private readonly Turn _turn;
    private readonly WakeUp _work;
    private readonly WakeUp _remoteIsBack;
    private readonly Backoff _away;
    private int _lostRaces;
    private int _misses;
    private TimeSpan _lastTook;
    private bool _hasPushed;

    /// <param name="turn">Whose turn it is to push the branch.</param>
    public Pusher(SyncParts parts, Puller puller, Turn turn)
    {
        (_parts, _turn) = (parts, turn);
        _puller = puller;
        _work = new WakeUp(parts.Time);
        _remoteIsBack = new WakeUp(parts.Time);
        _away = parts.NewBackoff();
        Acks = new AckQueue(parts.Time);
    }

    private enum Step
    {
        NothingWaits,
        Pushed,
        LostRace,
        MadeWay,
        Failed,
    }

    public AckQueue Acks { get; }

    /// <summary>Runs when the remote has taken a push.</summary>
    public Action? Landed { get; set; }

    /// <summary>Something was committed.</summary>
    public void Wake() => _work.Call();

    /// <summary>The remote answered somebody: a push that waits out its pause need not.</summary>
    public void Hurry()
    {
        _remoteIsBack.Call();
        _work.Call();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await TryPushAsync(cancellationToken))
            {
                case Step.NothingWaits:
                    // Also by the clock: the owner may commit to the repository in the data folder.
                    await _work.SleepAsync(_parts.Settings.PullEvery, cancellationToken);
                    break;
                case Step.Pushed:
                    _away.Reset();
                    _lostRaces = 0;
                    await _remoteIsBack.SleepAsync(Turn(), cancellationToken);
                    break;
                case Step.LostRace:
                    await _remoteIsBack.SleepAsync(_parts.Random.NextDouble() / (1 + _lostRaces) * _lastTook, cancellationToken);
                    break;
                case Step.MadeWay:
                    await _remoteIsBack.SleepAsync(Limits.WayPause, cancellationToken);
                    break;
                case Step.Failed:
                    await _remoteIsBack.SleepAsync(_away.Next(), cancellationToken);
                    break;
            }
        }
    }

    // Who has just won is nearest to the next win: it need not fetch first. Without a pause the others would starve, so losers
    // hurry and winners wait, as long as it takes to fetch and push. A winner for whom nothing more waits starves nobody: the
    // paste that comes to it next is to be on every server soon.
    private TimeSpan Turn()
    {
        if (_parts.Time.GetUtcNow() - _puller.LastForeign > Limits.SharedFor)
            return TimeSpan.Zero;
        var turn = _lastTook * (1 + (2 * _parts.Random.NextDouble()));
        var snapshot = _parts.Repository.Current;
        var longest = snapshot.TryGetRef(_parts.Head, out var ours) && ours != snapshot.RemoteTip(_parts.Branch) ? Limits.LongestTurn : Limits.LongestIdleTurn;
        return turn < longest ? turn : longest;
    }

    private async Task<Step> TryPushAsync(CancellationToken cancellationToken)
    {
        using var turn = await _turn.TakeAsync(cancellationToken);
        try
        {
            var step = await PushAsync(cancellationToken);
            _misses = 0;
            return step;
        }
        catch (MissingObjectException e)
        {
            var problem = _misses++ >= Limits.MaxMisses ? $"it can't be told what the remote lacks: {e.Message}" : await _parts.BringAsync(e, cancellationToken);
            if (problem is null)
                return Step.LostRace;
            _parts.Report.PushFailed("failed", new SyncProblem(problem), TimeSpan.Zero);
            return Step.Failed;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _parts.Report.Log.OwnFault(e);
            _parts.Report.PushFailed("failed", SyncProblem.OfOurs("pushing", e), TimeSpan.Zero);
            return Step.Failed;
        }
    }

    private async Task<Step> PushAsync(CancellationToken cancellationToken)
    {
        var since = _parts.Time.GetUtcNow();
        var snapshot = _parts.Repository.Current;
        var theirs = snapshot.RemoteTip(_parts.Branch);
        if (!snapshot.TryGetRef(_parts.Head, out var ours) || ours == theirs)
        {
            Acks.Land(snapshot.Sequence);
            _parts.Report.Waiting(PushedBranches.Own, 0, since, snapshot.Sequence);
            return Step.NothingWaits;
        }
        if (theirs is null && _parts.Repository.Part is not null)
        {
            _parts.Report.PushFailed("failed", new SyncProblem("the remote's branch is gone, and this server has a part of it alone: it has to come back from a clone or from another server"), TimeSpan.Zero);
            return Step.Failed;
        }
        var plan = _parts.Repository.PlanPush(ours, theirs, Limits.MaxCommitsPerPush);
        _parts.Report.Waiting(PushedBranches.Own, plan.Waiting, since, snapshot.Sequence);
        if (!plan.Follows)
            return await ReturnToRemoteAsync(theirs!.Value, cancellationToken);
        if (!_hasPushed)
            plan.AddEmptyTree();
        var push = new PushRequest
        {
            Updates = [new RefUpdate(_parts.Head, theirs ?? ObjectId.Zero, plan.Tip)],
            WritePack = (stream, ct) => new ValueTask(plan.WriteAsync(stream, ct)),
            MakesWay = _parts.Erasing.MakesWay,
        };
        var started = _parts.Time.GetTimestamp();
        var outcome = await _parts.Remote.PushAsync(push, cancellationToken);
        _lastTook = _parts.Time.GetElapsedTime(started);
        var attempt = new Attempt(plan, push.Updates[0], snapshot.Sequence, _lastTook) { IsAll = plan.Tip == ours };
        return await JudgeAsync(outcome, attempt, cancellationToken);
    }

    // Our branch was set back or rewritten here, in the data folder, while the remote has what was taken off: it comes back, with ours on top.
    private async Task<Step> ReturnToRemoteAsync(ObjectId theirs, CancellationToken cancellationToken)
    {
        var outcome = await _parts.Repository.IntegrateAsync(_parts.Branch, theirs, _parts.Settings.OnRewind, cancellationToken);
        if (outcome is IntegrateOutcome.FastForwarded or IntegrateOutcome.Replayed)
        {
            _parts.Report.Log.SetBackHere(_parts.Branch, theirs.ToString());
            return Step.LostRace;
        }
        _parts.Report.PushFailed("failed", new SyncProblem($"the branch {_parts.Branch} here does not follow the remote's {theirs}"), TimeSpan.Zero);
        return Step.Failed;
    }

    private async Task<Step> JudgeAsync(PushOutcome outcome, Attempt attempt, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case PushOutcome.Accepted accepted:
                return await AcceptAsync(accepted, attempt, cancellationToken);
            case PushOutcome.RemoteMoved moved:
                return await CatchUpAsync($"it is at {moved.Actual}", attempt, cancellationToken)
                    ?? Fail("failed", $"the remote shows {(moved.Actual.IsZero ? $"no {_parts.Branch}" : moved.Actual)} to a push and {attempt.Update.Old} to a fetch", attempt);
            case PushOutcome.MadeWay way:
                _parts.Report.Log.MadeWay(way.Ref);
                return Step.MadeWay;
            case PushOutcome.Rejected { Kind: RejectionKind.NonFastForward or RejectionKind.Race } lost:
                return await CatchUpAsync(lost.Reason, attempt, cancellationToken) ?? Reject(lost, attempt);
            case PushOutcome.Rejected rejected when IsForLackOfHistory(rejected, attempt) && await _parts.Repository.DetachAsync(_parts.Branch, cancellationToken):
                _parts.Report.Detached();
                return Step.LostRace;
            case PushOutcome.Rejected rejected:
                return Reject(rejected, attempt);
            case PushOutcome.Undecided undecided:
                return Fail("undecided", $"the outcome of a push is unknown: {undecided.Reason}", attempt);
            case PushOutcome.Refused refused:
                Acks.Reject(attempt.Sequence, refused.Words);
                return Fail("refused", refused.Words, attempt);
            case PushOutcome.Broken broken:
                return Fail("failed", broken.Reason, attempt);
            default:
                throw new UnreachableException();
        }
    }

    private async Task<Step> AcceptAsync(PushOutcome.Accepted accepted, Attempt attempt, CancellationToken cancellationToken)
    {
        _hasPushed = true;
        _parts.Report.RemoteSays(accepted.Messages);
        if (attempt.IsAll)
            Acks.Land(attempt.Sequence);
        if (!await _parts.Repository.RecordRemoteAsync(_parts.Branch, attempt.Update.Old, attempt.Plan.Tip, cancellationToken))
            return Fail("failed", "pushed, but the store takes no writes", attempt);
        _parts.Report.Pushed(attempt.Plan.CommitCount, attempt.Plan.Tip, attempt.Elapsed);
        Landed?.Invoke();
        // Should somebody else have deleted it, all the better.
        if (_parts.Erasing.TakeLeft() is { } left)
            await _parts.Remote.PushAsync(new PushRequest { Updates = [left] }, cancellationToken);
        return Step.Pushed;
    }

    // Somebody else's commits come first: take them in, put ours on top, and offer that. Null: there are none.
    private async Task<Step?> CatchUpAsync(string reason, Attempt attempt, CancellationToken cancellationToken)
    {
        if (!await _puller.FetchAsync(cancellationToken))
            return Step.Failed;
        if ((_parts.Repository.RemoteTip(_parts.Branch) ?? ObjectId.Zero) == attempt.Update.Old)
            return null;
        _parts.Report.LostRace(reason, attempt.Elapsed);
        return ++_lostRaces < Limits.MaxLostRaces ? Step.LostRace : Fail("raced", $"others push faster than this server: {reason}", attempt);
    }

    // A new branch, on a remote that has nothing of what a shallow fetch left out.
    private static bool IsForLackOfHistory(PushOutcome.Rejected rejected, Attempt attempt) =>
        attempt.Update.Old.IsZero && attempt.Plan.LeavesOutParents && rejected.Kind is (RejectionKind.Shallow or RejectionKind.Unpack);

    private Step Reject(PushOutcome.Rejected rejected, Attempt attempt)
    {
        string[] advice = rejected.Kind == RejectionKind.CheckedOut ? [CheckedOutAdvice] : [];
        var words = string.Join("; ", [rejected.Reason, .. advice, .. rejected.Messages]);
        Acks.Reject(attempt.Sequence, words);
        return Fail("rejected", words, attempt);
    }

    private Step Fail(string outcome, string reason, Attempt attempt)
    {
        _lostRaces = 0;
        _parts.Report.PushFailed(outcome, new SyncProblem(reason), attempt.Elapsed);
        return Step.Failed;
    }

    /// <param name="sequence">Of the snapshot that is pushed.</param>
    private sealed class Attempt(PushPlan plan, RefUpdate update, long sequence, TimeSpan elapsed)
    {
        public PushPlan Plan => plan;

        public RefUpdate Update => update;

        public long Sequence => sequence;

        public TimeSpan Elapsed => elapsed;

        /// <summary>False when the snapshot holds more than fits into one push.</summary>
        public required bool IsAll { get; init; }
    }
}
