namespace Pasteur.Web.Pages;

/// <summary>The page that pastes.</summary>
public sealed record FormPageModel(Frame Frame, string Address)
{
    public required int MaxBytes { get; init; }

    /// <summary>The site takes no pastes.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Where the browser asks what to work on before it pastes; null: it need not.</summary>
    public string? Challenge { get; init; }

    public required string MaxSize { get; init; }

    public required int MaxAuthorLength { get; init; }

    public required int MaxCommentLength { get; init; }

    public required IReadOnlyList<LanguageOption> Languages { get; init; }

    /// <summary>What is offered: a lifetime and what it is called.</summary>
    public required IReadOnlyList<LifetimeOption> Lifetimes { get; init; }

    /// <summary>How often a paste may be read before it is burnt, and what that is called; none where none ends.</summary>
    public required IReadOnlyList<LifetimeOption> Readings { get; init; }

    /// <summary>The one that is chosen.</summary>
    public required string Lifetime { get; init; }

    public FormDraft Draft { get; init; } = FormDraft.Empty;

    /// <summary>Why the draft was not stored; null when nothing went wrong.</summary>
    public FormRefusal? Refusal { get; init; }
}

/// <summary>What already stands in the form: an older paste as the start of a new one, or what could not be stored.</summary>
public sealed record FormDraft
{
    public static readonly FormDraft Empty = new();

    public EscapedText Text { get; init; }

    /// <summary>One of the languages of the form.</summary>
    public string? Language { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    /// <summary>The code of the paste that this text is from.</summary>
    public string? Origin { get; init; }

    /// <summary>When it ends, as it was said.</summary>
    public string? Expires { get; init; }

    /// <summary>How often it may be read, as it was said.</summary>
    public string? Reads { get; init; }

    public bool LineNumbers { get; init; }

    public bool Raw { get; init; }

    /// <summary>There were files too, which a browser lets nobody but its user put into a form.</summary>
    public bool HadFiles { get; init; }
}

/// <param name="Value">Of the field <c>expires</c>, or <c>reads</c>.</param>
public sealed record LifetimeOption(string Value, string Label);

public sealed record FormRefusal(string Heading, string Detail);
