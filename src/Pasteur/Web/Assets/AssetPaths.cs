namespace Pasteur.Web.Assets;

/// <summary>Where the assets are that pages name.</summary>
/// <param name="SealScript">What the form loads when it is to encrypt, and not before.</param>
/// <param name="OwnerScript">Of the pages where owners change and delete, and where revisions of encrypted pastes are listed.</param>
/// <param name="SealedScript">Of the page of an encrypted paste.</param>
/// <param name="WorkScript">The worker of the form where the site asks for work before a paste.</param>
/// <param name="QrScript">What the page of a paste loads when somebody wants its link as a QR code.</param>
public sealed record AssetPaths(string Style, string FormScript, string SealScript, string WorkScript, string PasteScript, string SealedScript, string OwnerScript, string QrScript, string Icon);
