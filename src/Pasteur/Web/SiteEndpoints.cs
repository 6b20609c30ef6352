using Pasteur.Health;

namespace Pasteur.Web;

/// <summary>The door of the site: what the program calls to put it into a web server.</summary>
internal static class SiteEndpoints
{
    public static void UseSite(this WebApplication app, SiteContext site, HealthEndpoints health)
    {
        var log = app.Services.GetRequiredService<ILogger<SitePipeline>>();
        app.Use(next => new SitePipeline(next, site, log).InvokeAsync);
        Routes.Map(app, site, health);
    }
}
