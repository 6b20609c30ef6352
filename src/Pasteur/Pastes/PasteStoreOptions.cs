using Pasteur.Configuration;
using Pasteur.Git;

namespace Pasteur.Pastes;

/// <summary>How a <see cref="PasteStore"/> works.</summary>
internal sealed record PasteStoreOptions
{
    /// <summary>The branch that takes new pastes.</summary>
    public required string Branch { get; init; }

    /// <summary>Characters of a new id, as long as there is room enough.</summary>
    public required int IdLength { get; init; }

    /// <summary>What the repository may take before it takes no more; null for no bound of ours.</summary>
    public long? MaxTotalBytes { get; init; }

    /// <summary>No paste lives longer, counted from when it was made; null: for ever.</summary>
    public TimeSpan? MaxLife { get; init; }

    /// <summary>So many pastes that are burnt after reading may wait to be read.</summary>
    public int MaxUnread { get; init; } = Limits.MaxUnread;

    /// <summary>This server's part in the names of branches whose pastes end.</summary>
    public string Server { get; init; } = "local";

    /// <summary>Why pastes that end are not taken now, or null.</summary>
    public Func<string?>? RefusesEnding { get; init; }

    /// <summary>Takes pastes out of the history; null where nobody does.</summary>
    public Eraser? Eraser { get; init; }

    /// <summary>What owners delete goes from the history too.</summary>
    public bool ForgetsDeleted { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asked when an id is unknown: perhaps the remote has it. Whoever answers bounds how often that costs anything.</summary>
    public Func<CancellationToken, ValueTask>? Refresh { get; init; }

    /// <summary>False while all that there is is on a remote that has not been heard of: then no id is unknown.</summary>
    public Func<bool> HasRemoteAnswered { get; init; } = static () => true;

    /// <summary>
    /// Asked after a commit when the site answers only for what the remote has: null once it does, else one line, fit to be shown to
    /// anybody, why that is not known.
    /// </summary>
    public Func<CommitOutcome.Committed, CancellationToken, ValueTask<string?>>? AwaitRemote { get; init; }

    /// <summary>The same for a paste that ends, where the remote gets those.</summary>
    public Func<CommitOutcome.Committed, CancellationToken, ValueTask<string?>>? AwaitRemoteOfEnding { get; init; }

    /// <summary>The same for a commit to an inbox.</summary>
    public Func<CommitOutcome.Committed, CancellationToken, ValueTask<string?>>? AwaitRemoteOfInbox { get; init; }

    /// <summary>Where new pastes go in place of a large branch; null: nowhere else.</summary>
    public Inbox? Inbox { get; init; }

    /// <summary>Who is asked after a commit to a branch.</summary>
    public Func<CommitOutcome.Committed, CancellationToken, ValueTask<string?>>? Awaiting(string branch) =>
        Bucket.TryParse(branch, out _) ? AwaitRemoteOfEnding : InboxRef.TryParse(branch, out _, out _) ? AwaitRemoteOfInbox : AwaitRemote;

    /// <summary>
    /// Set where the remote decides who of several reads a paste that burns: takes in what the remote has now, and answers null, or why it can't be asked: one
    /// line, fit to be shown to anybody.
    /// </summary>
    public Func<CancellationToken, ValueTask<string?>>? AskRemote { get; init; }
}
