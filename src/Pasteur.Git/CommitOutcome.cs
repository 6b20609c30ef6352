using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>What became of a <see cref="CommitRequest"/>.</summary>
public abstract record CommitOutcome
{
    private CommitOutcome() { }

    /// <summary>Stored: the bytes are on the disk (or in memory, for a store without a folder) and the branch holds the commit.</summary>
    /// <param name="Sequence">Every snapshot with this <see cref="Snapshot.Sequence"/> or a later one holds the commit.</param>
    public sealed record Committed(ObjectId Commit, long Sequence) : CommitOutcome;

    /// <summary>Something is already at <see cref="CommitRequest.MustBeAbsent"/>. Nothing was written.</summary>
    public sealed record PathTaken(string Path) : CommitOutcome;

    /// <summary>At <see cref="CommitRequest.MustBe"/> is something else, or nothing any more. Nothing was written.</summary>
    public sealed record PathChanged(string Path) : CommitOutcome;

    /// <summary>The queue is full. Nothing was written; try again in a second.</summary>
    public sealed record Busy : CommitOutcome;

    /// <summary>The store takes no writes: the disk is full, read-only or failing, or the store is closing.</summary>
    public sealed record Unavailable(string Reason) : CommitOutcome;
}
