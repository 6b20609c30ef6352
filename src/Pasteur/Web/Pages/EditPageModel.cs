namespace Pasteur.Web.Pages;

/// <summary>The page on which an owner changes a paste.</summary>
public sealed record EditPageModel(Frame Frame, string Code)
{
    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }

    public required string Paste { get; init; }

    public required string Deletion { get; init; }

    /// <summary>What the edit is made of.</summary>
    public string? Base { get; init; }

    public IReadOnlyList<EditedText> Texts { get; init; } = [];

    /// <summary>Files that are no text, or too long to be shown: they stay unless their box is unticked.</summary>
    public IReadOnlyList<KeptFile> Kept { get; init; } = [];

    public required IReadOnlyList<LanguageOption> Languages { get; init; }

    public string? Language { get; init; }

    /// <summary>When it may end, and what that is called; the first is as now.</summary>
    public IReadOnlyList<LifetimeOption> Lifetimes { get; init; } = [];

    /// <summary>The one that is chosen.</summary>
    public string Lifetime { get; init; } = "";

    /// <summary>What is given an end goes from the history too, then.</summary>
    public bool IsForgotten { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    public required int MaxAuthorLength { get; init; }

    public required int MaxCommentLength { get; init; }

    public required int MaxBytes { get; init; }

    /// <summary>Where the bytes of an encrypted paste are; null for one in clear.</summary>
    public string? Sealed { get; init; }

    /// <summary>Why nothing was changed.</summary>
    public FormRefusal? Refusal { get; init; }

    /// <summary>From what the paste is now to what was to be saved, when somebody else's edit came between.</summary>
    public ComparisonModel? Meanwhile { get; init; }
}

/// <param name="Text">For a text area.</param>
public sealed record EditedText(string Name, EscapedText Text);

public sealed record KeptFile(string Name, bool IsKept);

/// <summary>The page on which an owner deletes a paste.</summary>
public sealed record DeletePageModel(Frame Frame, string Code, string Action, string Paste)
{
    /// <summary>It goes from the history too, within minutes.</summary>
    public bool IsForgotten { get; init; }

    /// <summary>All that holds it goes when its hour or day is over.</summary>
    public bool Ends { get; init; }

    public FormRefusal? Refusal { get; init; }
}

/// <summary>The page that tells somebody without JavaScript the token of the new paste.</summary>
public sealed record CreatedPageModel(Frame Frame, string Address, string Paste, string Token);

/// <summary>A page that only says something.</summary>
/// <param name="Code">Of a paste whose token browsers may forget.</param>
public sealed record SaidPageModel(Frame Frame, string Heading, string Text, string Code);
