namespace Pasteur.Web.Pages;

/// <summary>A language as forms offer it and scripts know it.</summary>
/// <param name="Names">Endings of files that are in it, apart by spaces.</param>
public sealed record LanguageOption(string Id, string Label, string Extension, string Names, bool IsHighlighted);
