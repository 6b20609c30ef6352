using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>GET /about and GET /api</summary>
internal sealed class ShowGuide(SiteContext site)
{
    public Task GetAboutAsync(HttpContext context) => PageAnswer.WriteAsync(context, AboutPage.Create(Model(context)));

    public Task GetApiAsync(HttpContext context) => PageAnswer.WriteAsync(context, ApiPage.Create(Model(context)));

    private GuidePageModel Model(HttpContext context) =>
        new(site.Frame, Links.Absolute(context, site.Frame.BasePath + "/"), ByteCount.Text(site.Settings.MaxPasteBytes));
}
