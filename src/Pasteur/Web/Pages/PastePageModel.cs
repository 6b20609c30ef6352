namespace Pasteur.Web.Pages;

/// <summary>The page of a paste.</summary>
public sealed record PastePageModel(Frame Frame)
{
    /// <summary>The file's name, or how many there are.</summary>
    public required string Heading { get; init; }

    public string? Language { get; init; }

    public required string Summary { get; init; }

    public string? Author { get; init; }

    public DateTimeOffset? Created { get; init; }

    /// <summary>When it ends; null when it stays.</summary>
    public DateTimeOffset? Expires { get; init; }

    public string? Comment { get; init; }

    /// <summary>Where its owner changes or deletes it; null for what has no owner.</summary>
    public string? Edit { get; init; }

    /// <summary>Where it is reported.</summary>
    public required string Report { get; init; }

    /// <summary>What it was made from.</summary>
    public PasteLinkModel? Origin { get; init; }

    /// <summary>Its revisions; null when there is only the first.</summary>
    public HistoryModel? History { get; init; }

    /// <summary>The reader asked for line numbers.</summary>
    public required bool IsNumbered { get; init; }

    /// <summary>The reader asked for Markdown as it is meant.</summary>
    public bool IsRendered { get; init; }

    /// <summary>The same page with its Markdown rendered, or as it was written when it is; null when there is none.</summary>
    public string? OtherRendering { get; init; }

    /// <summary>The same page with line numbers, or without when it has them.</summary>
    public required string OtherNumbering { get; init; }

    /// <summary>Of a paste that burns, which is open now: how often it can be opened still. Then no other page of it can be linked to.</summary>
    public string? Opened { get; init; }

    public required string Archive { get; init; }

    /// <summary>The form with this text in it; null when it isn't one text.</summary>
    public string? EditAsNew { get; init; }

    public required IReadOnlyList<FileModel> Files { get; init; }
}

/// <summary>A file on the page of its paste: its text, or else its picture, or else only the way to its bytes.</summary>
public sealed record FileModel(int Number, string Name)
{
    public required string Summary { get; init; }

    /// <summary>Null where no address gives it out.</summary>
    public required string? Raw { get; init; }

    public required string Download { get; init; }

    public EscapedText? Text { get; init; }

    /// <summary>The id of the language to colour the text in, "text" for none; null when nobody said, and a guess may be made.</summary>
    public string? Language { get; init; }

    /// <summary>What the text means, as HTML: it stands instead of the text.</summary>
    public EscapedText? Rendered { get; init; }

    /// <summary>How many lines have numbers; 0 when the text stands without.</summary>
    public int NumberedLines { get; init; }

    /// <summary>What a reader should know before reading the text: none mostly.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    public string? Image { get; init; }
}
