using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// Merges inboxes that take no more into the branch: the remote's first, from exactly what it was seen to be, and when it has agreed, ours. Of two servers that
/// merge at once the remote takes one, and the other finds that it is done. A connection of its own: a large branch takes a remote seconds.
/// </summary>
/// <param name="turn">Whose turn it is to push the branch.</param>
internal sealed class InboxMerger(SyncParts parts, Puller puller, EndingBranches inboxes, Turn turn)
{
    private readonly WakeUp _work = new(parts.Time);
    private readonly WakeUp _remoteIsBack = new(parts.Time);
    private readonly Backoff _away = parts.NewBackoff();

    /// <summary>An inbox may be due.</summary>
    public void Wake() => _work.Call();

    /// <inheritdoc cref="Pusher.Hurry"/>
    public void Hurry() => _remoteIsBack.Call();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var misses = 0;
        while (true)
        {
            bool? isDone;
            try
            {
                isDone = await MergeAsync(cancellationToken);
                misses = 0;
            }
            catch (MissingObjectException e)
            {
                // What it has begun can be done again.
                var problem = misses++ >= Limits.MaxMisses ? $"an inbox can't be merged: {e.Message}" : await parts.BringAsync(e, cancellationToken);
                isDone = problem is null || Fail(new SyncProblem(problem));
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                parts.Report.Log.OwnFault(e);
                isDone = Fail(SyncProblem.OfOurs("merging", e));
            }
            if (isDone == false)
            {
                await _remoteIsBack.SleepAsync(_away.Next(), cancellationToken);
                continue;
            }
            _away.Reset();
            if (isDone is null)
                await _work.SleepAsync(parts.Settings.PullEvery, cancellationToken);
        }
    }

    // Null: there is none.
    private async Task<bool?> MergeAsync(CancellationToken cancellationToken)
    {
        using var taken = await turn.TakeAsync(cancellationToken);
        var snapshot = parts.Repository.Current;
        var due = snapshot.RefNames.Select(inboxes.LivingBranch).FirstOrDefault(branch => branch is not null && inboxes.IsDue(branch));
        // A remote without the branch gets it first.
        if (due is null || snapshot.RemoteTip(parts.Branch) is not { } onto || !snapshot.TryGetRef("refs/heads/" + due, out var tip))
            return null;
        // Should somebody have merged it by other ways, or have made it of the branch.
        if (((ObjectId?)(parts.Repository.IsAncestor(tip, onto) ? tip : null) ?? parts.Repository.TakenIn(onto, tip)) is { } upTo)
            return await parts.Repository.AbsorbAsync(parts.Branch, due, upTo);
        var merge = await parts.Repository.MergeAsync(onto, due, new Signature("Pasteur", "pasteur@pasteur.invalid", parts.Time.GetUtcNow()), cancellationToken);
        if (merge is null)
            return Fail(new SyncProblem("the store takes no writes"));
        foreach (var path in merge.Conflicts)
            parts.Report.Log.Conflict(path);
        var started = parts.Time.GetTimestamp();
        var outcome = await parts.Remote.PushAsync(new PushRequest
        {
            Updates = [new RefUpdate(parts.Head, onto, merge.Commit)],
            WritePack = (stream, ct) => new ValueTask(merge.Plan.WriteAsync(stream, ct)),
            MakesWay = parts.Erasing.MakesWay,
        }, cancellationToken);
        switch (outcome)
        {
            case PushOutcome.Accepted:
                if (await parts.Repository.IntegrateAsync(parts.Branch, merge.Commit, parts.Settings.OnRewind, cancellationToken) is IntegrateOutcome.Unavailable unavailable)
                    return Fail(new SyncProblem(unavailable.Reason));
                parts.Report.InboxMerged(due, parts.Branch, merge.Commit, parts.Time.GetElapsedTime(started));
                // Finds that the remote's inbox is done.
                return await puller.FetchAsync(cancellationToken);
            case PushOutcome.MadeWay:
                await Task.Delay(Limits.WayPause, parts.Time, cancellationToken);
                return true;
            case PushOutcome.RemoteMoved or PushOutcome.Rejected { Kind: RejectionKind.NonFastForward or RejectionKind.Race } or PushOutcome.Undecided:
                if (!await puller.FetchAsync(cancellationToken))
                    return false;
                parts.Report.LostRace($"{due} is to be merged", parts.Time.GetElapsedTime(started));
                await Task.Delay(parts.Random.NextDouble() * Limits.FirstRetry, parts.Time, cancellationToken);
                return true;
            case PushOutcome.Rejected rejected:
                return Fail(new SyncProblem($"{due} can't be merged: {string.Join("; ", [rejected.Reason, .. rejected.Messages])}"));
            case PushOutcome.Refused refused:
                return Fail(new SyncProblem(refused.Words));
            case PushOutcome.Broken broken:
                return Fail(new SyncProblem(broken.Reason));
            default:
                throw new InvalidOperationException($"No push ends as {outcome}.");
        }
    }

    private bool Fail(SyncProblem problem)
    {
        parts.Report.SideFailed(problem, isInbox: true);
        return false;
    }
}
