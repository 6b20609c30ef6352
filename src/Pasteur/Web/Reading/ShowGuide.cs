using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>GET /about and GET /api</summary>
internal sealed class ShowGuide(SiteContext site)
{
    public Task GetAboutAsync(HttpContext context) => PageAnswer.WriteAsync(context, AboutPage.Create(Model(context)));

    public Task GetApiAsync(HttpContext context) => PageAnswer.WriteAsync(context, ApiPage.Create(Model(context)));

    private GuidePageModel Model(HttpContext context)
    {
        var frame = site.Frames.Of(context.Request);
        return new GuidePageModel(frame, Links.Absolute(context, frame.BasePath + "/"), frame.Words.Size(site.Settings.MaxPasteBytes)) { AsksForWork = site.Work is not null };
    }
}
