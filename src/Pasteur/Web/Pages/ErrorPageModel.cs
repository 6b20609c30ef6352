namespace Pasteur.Web.Pages;

/// <summary>A page that only says what went wrong.</summary>
public sealed record ErrorPageModel(Frame Frame, string Heading, string Detail);
