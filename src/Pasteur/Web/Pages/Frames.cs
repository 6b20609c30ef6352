using Pasteur.Configuration;
using Pasteur.Web.Assets;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Pages;

/// <summary>The frame in every language, made when it is first asked for, and which of them a request gets: ?lang= before Accept-Language before English.</summary>
internal sealed class Frames(Settings settings, AssetSet assets)
{
    private static readonly string[] Tags = [.. Words.All.Select(words => words.Language)];

    private readonly Frame?[] _liked = new Frame?[Tags.Length];
    private readonly Frame?[] _asked = new Frame?[Tags.Length];

    /// <summary>For what is no page.</summary>
    public Frame English => Liked(0);

    public Frame Of(HttpRequest request) => Asked(request) ?? Liked(AcceptLanguageHeader.Best(request, Tags));

    /// <summary>
    /// The language that the address asks for; null when it asks for none that there is. Programs say by Accept-Language what somebody once
    /// chose for a system, and are answered in English all the same: this is how our own scripts ask for another.
    /// </summary>
    public Frame? Asked(HttpRequest request)
    {
        if (!request.QueryString.HasValue || !request.Query.TryGetValue("lang", out var language)) return null;
        return Array.IndexOf(Tags, language.ToString()) is >= 0 and var n ? _asked[n] ??= In(Words.All[n], isAsked: true) : null;
    }

    private Frame Liked(int n) => _liked[n] ??= In(Words.All[n], isAsked: false);

    private Frame In(Words words, bool isAsked) =>
        new(settings.Title, settings.Subtitle, settings.BasePath, assets.Paths(settings.BasePath, words.Language)) { Words = words, IsLanguageAsked = isAsked };
}
