using System.Text;

namespace Pasteur.Health;

/// <summary>The handlers of /healthz, /readyz and /metrics.</summary>
internal sealed class HealthEndpoints(HealthMonitor monitor, SiteMetrics metrics)
{
    /// <summary>200 while the program serves; what is wrong stands in the body.</summary>
    public Task Healthz(HttpContext context) => WriteReportAsync(context, monitor.Report(), StatusCodes.Status200OK);

    /// <summary>503 until the first fetch is done, and while new pastes are refused.</summary>
    public Task Readyz(HttpContext context)
    {
        var report = monitor.Report();
        return WriteReportAsync(context, report, report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>The Prometheus text format, version 0.0.4.</summary>
    public Task Metrics(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(metrics.WriteText(), Encoding.UTF8, context.RequestAborted);
    }

    private static async Task WriteReportAsync(HttpContext context, HealthReport report, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        HealthJson.Write(context.Response.BodyWriter, report);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
