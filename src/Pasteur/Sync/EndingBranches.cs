namespace Pasteur.Sync;

/// <summary>How a branch below <c>until/</c> stands to its time.</summary>
internal enum EndingState
{
    /// <summary>Its name is none of ours: it is left alone.</summary>
    Strange,

    Alive,

    /// <summary>Near enough to its end that another server may have deleted it.</summary>
    Closing,

    /// <summary>Over by every clock: it is deleted.</summary>
    Past,
}

/// <summary>What the sync must know of branches whose pastes end.</summary>
/// <param name="Server">Ours, in the names of branches.</param>
/// <param name="StateOf">Of a branch's short name, now.</param>
internal sealed record EndingBranches(string Server, Func<string, EndingState> StateOf)
{
    /// <summary>How their short names begin.</summary>
    public const string Prefix = "until/";

    public const string Heads = "refs/heads/" + Prefix;

    private const string HeadPrefix = "refs/heads/";
    private const string RemotePrefix = "refs/remotes/origin/";

    /// <summary>Made on the remote and deleted at once, to see whether it does that.</summary>
    public string ProbeHead => $"{Heads}check/{Server}";

    /// <summary>Null when it is no branch of the kind that is meant here, or its time is over.</summary>
    public string? LivingBranch(string head) => BranchOf(head) is { } branch && StateOf(branch) is EndingState.Alive or EndingState.Closing ? head[HeadPrefix.Length..] : null;

    /// <summary>The short name, for a full name of a branch below <c>until/</c>.</summary>
    public static string? BranchOf(string head) => head.StartsWith(Heads, StringComparison.Ordinal) ? head[HeadPrefix.Length..] : null;

    /// <summary>The short name, for the full name of what is remembered of a remote's branch.</summary>
    public static string? SeenBranchOf(string name) => name.StartsWith(RemotePrefix + Prefix, StringComparison.Ordinal) ? name[RemotePrefix.Length..] : null;
}
