namespace Pasteur.Web.Pages;

/// <summary>The page that asks before it opens a paste that burns.</summary>
public sealed record BurnPageModel(Frame Frame)
{
    /// <summary>Where the wish goes.</summary>
    public required string Action { get; init; }

    /// <summary>So often it can be opened.</summary>
    public required int Left { get; init; }

    /// <summary>Nothing changes on this site now, so nothing is opened.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Only its readers' browsers can open it, with the key in the link.</summary>
    public required bool IsSealed { get; init; }

    public required string Code { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Where its owner deletes it unread; null for what has no owner.</summary>
    public string? Deletion { get; init; }

    public required string Report { get; init; }

    public required IReadOnlyList<LanguageOption> Languages { get; init; }

    public required int MaxShownBytes { get; init; }

    public required int MaxNumberedLines { get; init; }
}
