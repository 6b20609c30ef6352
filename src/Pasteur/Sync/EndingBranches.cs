using Pasteur.Git;

namespace Pasteur.Sync;

/// <summary>How a branch that comes and goes stands to its time.</summary>
internal enum EndingState
{
    /// <summary>Its name is none of ours: it is left alone.</summary>
    Strange,

    Alive,

    /// <summary>Near enough to its end that another server may have deleted it.</summary>
    Closing,

    /// <summary>Ended here; what others put on it still is taken in, and nothing is pushed to it.</summary>
    Ended,

    /// <summary>Over by every clock, or all of it is elsewhere: it is deleted.</summary>
    Past,
}

/// <summary>What the sync must know of branches that come and go: those whose pastes end, and inboxes.</summary>
/// <param name="server">Ours, in the names of branches.</param>
/// <param name="stateOf">Of a branch's short name, now.</param>
internal sealed class EndingBranches(string server, Func<string, EndingState> stateOf)
{
    private const string HeadPrefix = "refs/heads/";
    private const string RemotePrefix = "refs/remotes/origin/";

    public EndingState StateOf(string branch) => stateOf(branch);

    /// <summary>How their short names begin.</summary>
    public string Prefix { get; init; } = "until/";

    public bool IsInbox => Prefix == InboxRef.Branches;

    /// <summary>Whether the remote is asked if it makes and deletes them: it is not where none will be made.</summary>
    public Func<bool> IsWanted { get; init; } = static () => true;

    /// <summary>Of an inbox: it takes no more and is to be merged.</summary>
    public Func<string, bool> IsDue { get; init; } = static _ => false;

    public string Heads => HeadPrefix + Prefix;

    /// <summary>Made on the remote and deleted at once, to see whether it does that.</summary>
    public string ProbeHead => $"{Heads}check/{server}";

    /// <summary>Null when it is no branch of the kind that is meant here, or its time is over.</summary>
    public string? LivingBranch(string head) => BranchOf(head) is { } branch && StateOf(branch) is EndingState.Alive or EndingState.Closing ? branch : null;

    /// <summary>Whether what the remote has of it is taken in.</summary>
    public bool IsFollowed(string head) => BranchOf(head) is { } branch && StateOf(branch) is EndingState.Alive or EndingState.Closing or EndingState.Ended;

    /// <summary>The short name, for a full name of such a branch.</summary>
    public string? BranchOf(string head) => head.StartsWith(Heads, StringComparison.Ordinal) ? head[HeadPrefix.Length..] : null;

    /// <summary>The short name, for the full name of what is remembered of a remote's branch.</summary>
    public string? SeenBranchOf(string name) => name.StartsWith(RemotePrefix + Prefix, StringComparison.Ordinal) ? name[RemotePrefix.Length..] : null;

    /// <summary>How an inbox stands: it ends here when the branch has taken it in, and is past when the remote's branch has too.</summary>
    public static EndingState StateOfInbox(Repository repository, string branch, string inbox)
    {
        var snapshot = repository.Current;
        // A branch of this name leaves no place for others below it.
        if (!InboxRef.TryParse(inbox, out _, out _) || snapshot.TryGetRef("refs/heads/inbox", out _)) return EndingState.Strange;
        if (snapshot.MergedTip(inbox) is null) return EndingState.Alive;
        return repository.IsDone(snapshot, branch, inbox) ? EndingState.Past : EndingState.Ended;
    }
}
