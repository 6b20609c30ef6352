namespace Pasteur.Web;

/// <summary>On an endpoint: it answers without a password.</summary>
internal sealed class OpenToAll;

/// <summary>On an endpoint: it reads a paste, and metrics count it in this form.</summary>
internal sealed record PasteReading(string Form);
