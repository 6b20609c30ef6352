namespace Pasteur.Web.Pages;

/// <summary>The page that pastes.</summary>
public sealed record FormPageModel(Frame Frame, string Address)
{
    public required int MaxBytes { get; init; }

    public required string MaxSize { get; init; }

    public required int MaxAuthorLength { get; init; }

    public required int MaxCommentLength { get; init; }

    public required IReadOnlyList<(string Id, string Label)> Languages { get; init; }

    /// <summary>What stands in the text area when an older paste is the start of a new one.</summary>
    public EscapedText Text { get; init; }

    public string? Language { get; init; }

    public string? Comment { get; init; }
}
