namespace Pasteur.Pastes;

/// <summary>One of the states that a paste was in: it began as the first, and each edit made another.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Tag">As <see cref="Paste.Tag"/>: the name of its Git tree.</param>
/// <param name="Made">Null when nobody wrote it down.</param>
/// <param name="Comment">Of whoever made this one.</param>
internal sealed record PasteRevision(int Number, string Tag, DateTimeOffset? Made, string? Author, string? Comment);
