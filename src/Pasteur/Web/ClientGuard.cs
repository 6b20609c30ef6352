using Pasteur.Configuration;
using Pasteur.Limiting;
using Pasteur.Moderating;
using Pasteur.Web.Errors;

namespace Pasteur.Web;

/// <summary>Holds requests to what their client's network may do: before they are handled, and by what came of them.</summary>
internal sealed partial class ClientGuard(ClientLimits limits, Moderation lists, Settings settings, ILogger log)
{
    private bool _hasWarned;

    /// <summary>Null when it may be handled.</summary>
    public SiteError? Refusal(HttpContext context)
    {
        var isWrite = IsWrite(context.Request);
        if (isWrite) WarnOfProxy(context.Request);
        var client = context.Connection.RemoteIpAddress;
        if (isWrite && lists.IsBanned(client) && !IsForAdministrator(context)) return new SiteError(ErrorKind.Banned);
        var wait = AsksForPaste(context) || IsForAdministrator(context) || context.Request.Headers.Authorization.Count > 0 ? limits.WaitForReading(client) : null;
        wait ??= isWrite ? limits.TakeWrite(client) : null;
        return wait is null ? null : TooMany(wait.Value);
    }

    /// <summary>Counts what was not there, and what did not open it.</summary>
    public void Settle(HttpContext context)
    {
        // Whoever is refused for what the site takes, or for where they come from, has guessed nothing.
        if (ErrorAnswers.KindOf(context) is ErrorKind.ReadOnly or ErrorKind.Banned or ErrorKind.Blocked or ErrorKind.CrossSite) return;
        var isMiss = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound or StatusCodes.Status403Forbidden => AsksForPaste(context) || IsForAdministrator(context),
            StatusCodes.Status401Unauthorized => context.Request.Headers.Authorization.Count > 0,
            _ => false,
        };
        if (isMiss) limits.AddMiss(context.Connection.RemoteIpAddress);
    }

    public static bool IsWrite(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    private static SiteError TooMany(TimeSpan wait)
    {
        var seconds = (long)Math.Ceiling(wait.TotalSeconds);
        return new SiteError(ErrorKind.TooMany) { RetryAfterSeconds = seconds, Detail = words => words.Count("error.too-many.wait", seconds) };
    }

    private static bool AsksForPaste(HttpContext context) =>
        context.Request.RouteValues.ContainsKey("id") || (context.Request.QueryString.HasValue && context.Request.Query.ContainsKey("from"));

    private static bool IsForAdministrator(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ForAdministrator>() is not null;

    // Who runs the proxy is the one who reads this; whose request it was is nobody's business.
    private void WarnOfProxy(HttpRequest request)
    {
        if (_hasWarned || settings.TrustedProxies.Count > 0 || request.Headers["X-Forwarded-For"].Count == 0) return;
        _hasWarned = true;
        LogProxy();
    }

    [LoggerMessage(LogLevel.Warning, "A proxy seems to stand before the site, but --trusted-proxy names none: its visitors count as one client, or are not counted when it is on this machine.")]
    private partial void LogProxy();
}
