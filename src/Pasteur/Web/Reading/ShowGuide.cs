using Pasteur.Configuration;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Reading;

/// <summary>GET /about and GET /api</summary>
internal sealed class ShowGuide(SiteContext site)
{
    public Task GetAboutAsync(HttpContext context) => PageAnswer.WriteAsync(context, AboutPage.Create(Model(context)));

    public Task GetApiAsync(HttpContext context) => PageAnswer.WriteAsync(context, ApiPage.Create(Model(context)));

    private GuidePageModel Model(HttpContext context)
    {
        var frame = site.Frames.Of(context.Request);
        return new GuidePageModel(frame, Links.Absolute(context, frame.BasePath + "/"), frame.Words.Size(site.Settings.MaxPasteBytes))
        {
            Kept = KeptFor(frame.Words, site.Settings.Expiry),
            TakesEnding = site.Settings.Expiry.IsTaken,
            AsksForWork = site.Work is not null,
        };
    }

    private static string KeptFor(Words words, ExpirySettings expiry) =>
        expiry.Max is { } longest ? words.Fill("about.kept.longest", ("time", words.Duration(longest)))
        : expiry.Default is { } life ? words.Fill("about.kept.default", ("time", words.Duration(life)))
        : words["about.kept.ever"];
}
