namespace Pasteur.Git.Objects;

/// <summary>A commit. Signed and otherwise unknown headers are kept as they stand, so that nothing is lost when it is read.</summary>
public sealed record Commit(ObjectId Tree, IReadOnlyList<ObjectId> Parents, Signature Author, Signature Committer, string Message)
{
    /// <summary>The name of the message's character set when it is not UTF-8.</summary>
    public string? Encoding { get; init; }

    /// <summary>Headers after the committer other than <c>encoding</c>, each with its continuation lines.</summary>
    public IReadOnlyList<CommitHeader> ExtraHeaders { get; init; } = [];
}

/// <summary>A header that has no field of its own (gpgsig, mergetag, …).</summary>
public sealed record CommitHeader(string Name, string Value);
