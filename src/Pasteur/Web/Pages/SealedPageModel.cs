namespace Pasteur.Web.Pages;

/// <summary>The page of an encrypted paste: what it shows is put in by the reader's browser, with the key in the link.</summary>
public sealed record SealedPageModel(Frame Frame)
{
    /// <summary>What the bytes are: "envelope", or "legacy" for what the OCaml Pasteur's browser encrypted.</summary>
    public required string Form { get; init; }

    /// <summary>Where the bytes are.</summary>
    public required string Raw { get; init; }

    public required string Summary { get; init; }

    /// <summary>What the address says of the language; what stands inside is not known here.</summary>
    public string? Language { get; init; }

    public string? Author { get; init; }

    public DateTimeOffset? Created { get; init; }

    /// <summary>When it ends; null when it stays.</summary>
    public DateTimeOffset? Expires { get; init; }

    public string? Comment { get; init; }

    /// <summary>Where its owner changes or deletes it; null for what has no owner.</summary>
    public string? Edit { get; init; }

    /// <summary>The form, for a paste that is made from this one; null where none is taken.</summary>
    public string? New { get; init; }

    /// <summary>Where it is reported.</summary>
    public required string Report { get; init; }

    /// <summary>What it was made from.</summary>
    public PasteLinkModel? Origin { get; init; }

    /// <summary>Its revisions; null when there is only the first.</summary>
    public HistoryModel? History { get; init; }

    public required IReadOnlyList<LanguageOption> Languages { get; init; }

    public required int MaxShownBytes { get; init; }

    public required int MaxNumberedLines { get; init; }
}
