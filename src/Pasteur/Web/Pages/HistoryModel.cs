namespace Pasteur.Web.Pages;

/// <summary>What the page of a paste says of its revisions.</summary>
/// <param name="Number">Of the one that is shown.</param>
/// <param name="Count">How many there are.</param>
/// <param name="List">The page that lists them.</param>
public sealed record HistoryModel(int Number, int Count, string List)
{
    /// <summary>When this one was made, if it is not the first.</summary>
    public DateTimeOffset? Edited { get; init; }

    /// <summary>Of an older one: the page of the newest.</summary>
    public string? Newest { get; init; }

    /// <summary>Of an older one: what changed since; null when only its readers' browsers know.</summary>
    public string? Since { get; init; }
}

/// <summary>A paste that another one names.</summary>
public sealed record PasteLinkModel(string Code, string Link);
