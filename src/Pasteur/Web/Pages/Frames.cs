using Pasteur.Configuration;
using Pasteur.Web.Assets;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Pages;

/// <summary>The frame in every language, made once, and which of them a request gets: ?lang= before Accept-Language before English.</summary>
internal sealed class Frames
{
    private static readonly string[] Tags = [.. Words.All.Select(words => words.Language)];

    private readonly Frame[] _liked;
    private readonly Frame[] _asked;

    public Frames(Settings settings, AssetSet assets)
    {
        _liked = [.. Words.All.Select(words => In(words, isAsked: false))];
        _asked = [.. Words.All.Select(words => In(words, isAsked: true))];

        Frame In(Words words, bool isAsked) =>
            new(settings.Title, settings.Subtitle, settings.BasePath, assets.Paths(settings.BasePath, words.Language)) { Words = words, IsLanguageAsked = isAsked };
    }

    /// <summary>For what is no page.</summary>
    public Frame English => _liked[0];

    public Frame Of(HttpRequest request) => Asked(request) ?? _liked[AcceptLanguageHeader.Best(request, Tags)];

    /// <summary>
    /// The language that the address asks for; null when it asks for none that there is. Programs say by Accept-Language what somebody once
    /// chose for a system, and are answered in English all the same: this is how our own scripts ask for another.
    /// </summary>
    public Frame? Asked(HttpRequest request)
    {
        if (!request.QueryString.HasValue || !request.Query.TryGetValue("lang", out var language)) return null;
        return Array.Find(_asked, frame => frame.Words.Language == language);
    }
}
