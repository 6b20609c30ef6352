using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// Takes in what the remote has of inboxes, after its branch. One that the branch has taken in has ended: what others put on it since goes to the branch as well, so that
/// nothing is lost with it.
/// </summary>
internal sealed class InboxIntake(SyncParts parts, EndingBranches inboxes)
{
    private const string Heads = "refs/heads/";
    private const string NoWrites = "the store takes no writes";

    private readonly HashSet<string> _missed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>Called when all is taken in.</summary>
    public required Action<RemoteRefs> Done { get; init; }

    /// <returns>Null, or why it did not work.</returns>
    /// <param name="before">From before the remote was asked: what was pushed meanwhile is neither old nor missed.</param>
    public async Task<string?> TakeInAsync(RemoteRefs refs, Snapshot before, CancellationToken cancellationToken)
    {
        foreach (var (name, tip) in refs.Tips)
        {
            if (!inboxes.IsFollowed(name) || inboxes.BranchOf(name) is not { } inbox || IsKnown(inbox, tip) || parts.IsOld(before, inbox, tip) || IsRefused(inbox, tip)) continue;
            if (UpToOfEnded(inbox, tip) is { } upTo)
            {
                if (!await parts.Repository.AbsorbAsync(parts.Branch, inbox, upTo, tip)) return NoWrites;
            }
            // Nobody takes anything off an inbox: whoever has rewritten one finds it all on top.
            else if (await parts.Repository.IntegrateAsync(inbox, tip, RewindPolicy.Replay, cancellationToken) is IntegrateOutcome.Unavailable unavailable)
            {
                return unavailable.Reason;
            }
        }
        foreach (var inbox in before.RefNames.Select(inboxes.SeenBranchOf).OfType<string>().Concat(before.EndedInboxes()).ToHashSet(StringComparer.Ordinal))
            if (!refs.Tips.ContainsKey(Heads + inbox) && !await MissAsync(inbox)) return NoWrites;
        _missed.RemoveWhere(inbox => refs.Tips.ContainsKey(Heads + inbox));
        Done(refs);
        return null;
    }

    // With neither an inbox here nor a word that it has ended, what is remembered of the remote's says nothing: a push was under way while it was merged.
    private bool IsKnown(string inbox, ObjectId tip)
    {
        var snapshot = parts.Repository.Current;
        return snapshot.RemoteTip(inbox) == tip && (snapshot.MergedTip(inbox) is not null || snapshot.TryGetRef(Heads + inbox, out _));
    }

    // Whoever may push can make any branch: it must not keep the others.
    private bool IsRefused(string inbox, ObjectId tip)
    {
        if (parts.Refuses(tip) is not { } refusal)
            return false;
        if (_refused.Add(inbox))
            parts.Report.SideFailed(new SyncProblem($"{inbox} is not taken in: {refusal}"), isInbox: true);
        return true;
    }

    // Null: it has not ended.
    private ObjectId? UpToOfEnded(string inbox, ObjectId tip)
    {
        var snapshot = parts.Repository.Current;
        if (snapshot.MergedTip(inbox) is { } upTo)
            return upTo;
        return !snapshot.TryGetRef(Heads + inbox, out _) && snapshot.TryGetRef(parts.Head, out var ours) ? parts.Repository.TakenIn(ours, tip) : null;
    }

    // Merged, and deleted since. Or it was deleted by a stranger: then it is made again of what is here, but not before a second look, as a remote that lists
    // its branches reads them one after the other.
    private Task<bool> MissAsync(string inbox)
    {
        var snapshot = parts.Repository.Current;
        if (!snapshot.TryGetRef(Heads + inbox, out var tip))
            return parts.Repository.ForgetInboxAsync(inbox);
        if (_missed.Add(inbox))
            return Task.FromResult(true);
        _missed.Remove(inbox);
        if (snapshot.TryGetRef(parts.Head, out var ours) && parts.Repository.TakenIn(ours, tip) is { } taken)
            return parts.Repository.AbsorbAsync(parts.Branch, inbox, taken);
        parts.Report.Log.InboxGone(inbox);
        return parts.Repository.ForgetRemoteAsync(inbox, CancellationToken.None).AsTask();
    }
}
