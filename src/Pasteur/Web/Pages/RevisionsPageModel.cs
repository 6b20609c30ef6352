namespace Pasteur.Web.Pages;

/// <summary>The page that lists the revisions of a paste.</summary>
public sealed record RevisionsPageModel(Frame Frame)
{
    public required string Code { get; init; }

    public required string Heading { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<RevisionModel> Revisions { get; init; }

    public required string Paste { get; init; }

    public required string Comparison { get; init; }

    /// <summary>Only its readers' browsers can compare what is in it.</summary>
    public required bool IsSealed { get; init; }
}

/// <param name="Link">Its page; null when its files are not here.</param>
public sealed record RevisionModel(int Number, string? Link, DateTimeOffset? Made, string? Author, string? Comment);
