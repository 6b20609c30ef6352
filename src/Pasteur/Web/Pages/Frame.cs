using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Html;
using Pasteur.Web.Assets;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Pages;

// The models of pages are public because the classes that Razor generates for pages are.

/// <summary>What every page of the site has around it, in one language.</summary>
public sealed class Frame(string title, string subtitle, string basePath, AssetPaths assets)
{
    public string Title => title;

    public string Subtitle => subtitle;

    public string BasePath => basePath;

    public AssetPaths Assets => assets;

    public Words Words { get; init; } = Words.English;

    /// <summary>The reader's address asked for the language: then the links to the site's own pages do too.</summary>
    public bool IsLanguageAsked { get; init; }

    /// <summary>Changes whenever the same paste would make another page: part of its entity tag.</summary>
    public string Version => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{typeof(Frame).Module.ModuleVersionId}\n{Title}\n{Subtitle}\n{BasePath}\n{Assets}\n{Words.Language}\n{IsLanguageAsked}"))[..4]);

    /// <param name="path">Of a page of this site, behind the base path; with a query or without.</param>
    public string To(string path) => Keep(BasePath + path);

    /// <summary>An address of this site, base path and all, with the language that was asked for.</summary>
    public string Keep(string address) =>
        !IsLanguageAsked ? address : $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={Words.Language}";

    /// <summary>A text with marks in it, as HTML.</summary>
    public HtmlString Prose(string key, params ReadOnlySpan<(string Name, string Value)> values) => Pages.Prose.Html(Words[key], values);
}

/// <summary>What a page says to its frame.</summary>
/// <param name="Here">The path of this very page, when the head has a link to it.</param>
/// <param name="IsPrivate">Search engines are asked to leave it out.</param>
public sealed record LayoutModel(Frame Frame, string PageTitle, string? Here = null, string? Script = null, bool IsPrivate = false)
{
    public IReadOnlyList<(string Name, string Path)> Links =>
        [(Frame.Words["site.new"], "/"), (Frame.Words["site.about"], "/about"), (Frame.Words["site.api"], "/api")];

    /// <summary>Offered only where the address has nothing behind a # that a link would drop: not on the pages of pastes.</summary>
    public IEnumerable<Words> OtherLanguages => Words.All.Where(words => words != Frame.Words);
}
