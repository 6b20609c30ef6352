using Pasteur.Configuration;

namespace Pasteur.Pastes;

/// <summary>What the owner of a paste wants it to be from now on.</summary>
internal sealed record PasteEdit
{
    /// <summary>The owner's token as it was given; null when none was.</summary>
    public required string? Token { get; init; }

    /// <summary>When it ends from now on: a time, or never; null: as before.</summary>
    public Expiry? Ends { get; init; }

    /// <summary>Nothing else is to change.</summary>
    public bool IsEndAlone => Ends is not null && Paste.Files.Count == 0 && Kept.Count == 0;

    /// <summary>All files, the author and the comment of this revision, the language.</summary>
    public required NewPaste Paste { get; init; }

    /// <summary>Nothing was said of the language: it stays.</summary>
    public bool KeepsLanguage { get; init; }

    /// <summary>Its texts come from text areas, which know line feeds alone.</summary>
    public bool IsFromTextAreas { get; init; }

    /// <summary>Names of files that stay as they are.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>The beginning of the <see cref="Paste.Tag"/> that the edit was made of; null: whatever is there.</summary>
    public string? Base { get; init; }
}
