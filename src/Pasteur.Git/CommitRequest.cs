using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>One commit to be made on the tip of a branch, whatever that tip is when its turn comes.</summary>
public sealed record CommitRequest
{
    /// <summary>Short name of the branch: <c>main</c>.</summary>
    public required string Branch { get; init; }

    public required IReadOnlyList<TreeEdit> Edits { get; init; }

    /// <summary>Author and committer. Names are cleaned for Git by the writer.</summary>
    public required Signature Author { get; init; }

    public required string Message { get; init; }

    /// <summary>A path that must not exist: the commit is refused with <see cref="CommitOutcome.PathTaken"/> when it does.</summary>
    public string? MustBeAbsent { get; init; }

    /// <summary>The branch must be there already: the commit is refused with <see cref="CommitOutcome.PathChanged"/> when it is not.</summary>
    public bool IsNotFirst { get; init; }

    /// <summary>What the commit was made of: it is refused with <see cref="CommitOutcome.PathChanged"/> when something else is there now.</summary>
    public PathState? MustBe { get; init; }

    /// <summary>Made in the same batch, on another branch: both are durable together, and both are refused when one of them is.</summary>
    public CommitRequest? Also { get; init; }
}

/// <param name="Id">Of the blob or tree at the path.</param>
public sealed record PathState(string Path, ObjectId Id);
