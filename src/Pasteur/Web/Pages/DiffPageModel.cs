namespace Pasteur.Web.Pages;

/// <summary>The page that compares two revisions of a paste.</summary>
public sealed record DiffPageModel(Frame Frame)
{
    public required string Code { get; init; }

    public required RevisionModel Old { get; init; }

    public required RevisionModel New { get; init; }

    /// <summary>All revisions that may be chosen.</summary>
    public required int Count { get; init; }

    public required string Here { get; init; }

    public required string Paste { get; init; }

    public required string Revisions { get; init; }

    public required bool IsSideBySide { get; init; }

    public required ComparisonModel Comparison { get; init; }
}

/// <summary>What differs between two states of a paste.</summary>
public sealed record ComparisonModel(IReadOnlyList<ComparedFile> Files, bool IsSideBySide)
{
    /// <summary>Why there is nothing to see, or not all of it; null mostly.</summary>
    public string? Remark { get; init; }
}

/// <param name="Note">How much of it changed, or what happened to the file as a whole.</param>
/// <param name="Rows">Null when its bytes are no text, or there is no room for them.</param>
public sealed record ComparedFile(string Name, string Note, EscapedText? Rows);
