using Pasteur.Health;
using Pasteur.Web.Guards;

namespace Pasteur.Web;

/// <summary>The door of the site: what the program calls to put it into a web server.</summary>
internal static class SiteEndpoints
{
    public static void UseSite(this WebApplication app, SiteContext site, HealthEndpoints health)
    {
        if (site.Settings.TrustedProxies.Count > 0)
        {
            // Before routing, for they change the path.
            var forwardedLog = app.Services.GetRequiredService<ILogger<ForwardedHeaders>>();
            app.Use(next => new ForwardedHeaders(next, site.Settings, forwardedLog).InvokeAsync);
            app.UseRouting();
        }
        var log = app.Services.GetRequiredService<ILogger<SitePipeline>>();
        app.Use(next => new SitePipeline(next, site, log).InvokeAsync);
        Routes.Map(app, site, health);
    }
}
