using Pasteur.Health;
using Pasteur.Web.Guards;

namespace Pasteur.Web;

/// <summary>The door of the site: what the program gives to a web server.</summary>
internal static class SiteEndpoints
{
    public static RequestDelegate Build(SiteContext site, HealthEndpoints health, ILoggerFactory logs)
    {
        var own = Pipeline(site, health, logs);
        if (site.Settings.TrustedProxies.Count == 0) return own;
        // Before the routes, for they change the path.
        return new ForwardedHeaders(own, basePath => Varying(Pipeline(site.Below(basePath), health, logs)), site.Settings, logs.CreateLogger(nameof(ForwardedHeaders))).InvokeAsync;
    }

    private static RequestDelegate Pipeline(SiteContext site, HealthEndpoints health, ILoggerFactory logs)
    {
        var routes = Routes.Map(site, health, logs);
        var pipeline = new SitePipeline(RouteTable.AnswerAsync, site, logs.CreateLogger(nameof(SitePipeline)));
        return context =>
        {
            routes.Choose(context);
            return pipeline.InvokeAsync(context);
        };
    }

    // Whoever keeps answers must not give these to those whom no such path was cut off for.
    private static RequestDelegate Varying(RequestDelegate site) => context =>
    {
        context.Response.OnStarting(static response => AddVary((HttpResponse)response), context.Response);
        return site(context);
    };

    private static Task AddVary(HttpResponse response)
    {
        response.Headers.Append("Vary", "X-Forwarded-Prefix");
        return Task.CompletedTask;
    }
}
