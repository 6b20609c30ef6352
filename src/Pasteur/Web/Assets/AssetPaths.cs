namespace Pasteur.Web.Assets;

/// <summary>Where the assets are that pages name.</summary>
public sealed record AssetPaths(string Style, string FormScript, string PasteScript, string Icon);
