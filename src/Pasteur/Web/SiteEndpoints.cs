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
            var log = app.Services.GetRequiredService<ILogger<ForwardedHeaders>>();
            app.Use(next => new ForwardedHeaders(next, basePath => Below(app.Services, site.Below(basePath), health), site.Settings, log).InvokeAsync);
            app.UseRouting();
        }
        UsePipeline(app, site);
        Routes.Map(app, site, health);
    }

    /// <summary>The same site once more, with routes of its own.</summary>
    private static RequestDelegate Below(IServiceProvider services, SiteContext site, HealthEndpoints health)
    {
        var app = new ApplicationBuilder(services);
        app.Use(next => context =>
        {
            // Whoever keeps answers must not give these to those whom no such path was cut off for.
            context.Response.OnStarting(static response => AddVary((HttpResponse)response), context.Response);
            return next(context);
        });
        app.UseRouting();
        UsePipeline(app, site);
        app.UseEndpoints(root => Routes.Map(root, site, health));
        return app.Build();
    }

    private static Task AddVary(HttpResponse response)
    {
        response.Headers.Append("Vary", "X-Forwarded-Prefix");
        return Task.CompletedTask;
    }

    private static void UsePipeline(IApplicationBuilder app, SiteContext site)
    {
        var log = app.ApplicationServices.GetRequiredService<ILogger<SitePipeline>>();
        app.Use(next => new SitePipeline(next, site, log).InvokeAsync);
    }
}
