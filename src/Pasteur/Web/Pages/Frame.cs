using System.Security.Cryptography;
using System.Text;
using Pasteur.Web.Assets;

namespace Pasteur.Web.Pages;

// The models of pages are public because the classes that Razor generates for pages are.

/// <summary>What every page of the site has around it.</summary>
public sealed record Frame(string Title, string Subtitle, string BasePath, AssetPaths Assets)
{
    /// <summary>Changes whenever the same paste would make another page: part of its entity tag.</summary>
    public string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{typeof(Frame).Module.ModuleVersionId}\n{Title}\n{Subtitle}\n{BasePath}\n{Assets}"))[..4]);
}

/// <summary>What a page says to its frame.</summary>
/// <param name="Here">The link in the head that leads to this very page.</param>
/// <param name="IsPrivate">Search engines are asked to leave it out.</param>
public sealed record LayoutModel(Frame Frame, string PageTitle, string? Here = null, string? Script = null, bool IsPrivate = false)
{
    private static readonly (string Name, string Path)[] All = [("New", "/"), ("About", "/about"), ("API", "/api")];

    public IReadOnlyList<(string Name, string Path)> Links => All;
}
