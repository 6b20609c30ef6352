namespace Pasteur.Web;

/// <summary>On an endpoint: it answers without a password.</summary>
internal sealed class OpenToAll;

/// <summary>On an endpoint: it writes nothing into the repository, and so goes on where the site is for reading alone.</summary>
internal sealed class BesideRepository;

/// <summary>On an endpoint: it makes a paste, and may ask for work first.</summary>
internal sealed class MakesPaste;

/// <summary>On an endpoint: it is for whoever runs the site.</summary>
internal sealed class ForAdministrator;

/// <summary>On an endpoint: it reads a paste, and metrics count it in this form.</summary>
internal sealed record PasteReading(string Form);
