namespace Pasteur.Health;

/// <summary>How the sync with the remote stands. Immutable: each change is a new one.</summary>
internal sealed record RemoteStatus
{
    /// <summary>Where it is; there is never a secret in it.</summary>
    public string Address { get; init; } = "";

    /// <summary>What the remote holds is known; before that, the site may miss pastes.</summary>
    public bool FirstFetchDone { get; init; }

    /// <summary>Commits that are stored here and not yet there.</summary>
    public int Backlog { get; init; }

    /// <summary>When the oldest of the backlog was stored, or a little before; null without a backlog.</summary>
    public DateTimeOffset? OldestUnpushed { get; init; }

    public DateTimeOffset? LastFetch { get; init; }

    public DateTimeOffset? LastPush { get; init; }

    /// <summary>Why the last try failed, as the remote said it; null when it did not fail.</summary>
    public string? Problem { get; init; }

    /// <summary>What the remote has against branches of pastes that end: those are refused. Null when it takes them, or is not asked.</summary>
    public string? RefusesEnding { get; init; }

    /// <summary>What the remote has against inboxes: pastes go to the branch itself, however large. Null when it takes them, or is not asked.</summary>
    public string? RefusesInbox { get; init; }

    /// <summary>What last happened to the remote's branch that was no push, and what was done about it; null when nothing did.</summary>
    public string? Incident { get; init; }

    /// <summary>Where our commits were put aside when the remote's branch was rewritten; null when it never was.</summary>
    public string? KeptAside { get; init; }
}
