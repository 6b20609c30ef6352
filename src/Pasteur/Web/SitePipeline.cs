using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Web.Errors;
using Pasteur.Web.Guards;
using Pasteur.Web.Wording;

namespace Pasteur.Web;

/// <summary>What every request passes before its handler, and what catches it when the handler falls.</summary>
internal sealed partial class SitePipeline(RequestDelegate next, SiteContext site, ILogger log)
{
    private readonly ClientGuard _clients = new(site.Clients, site.Lists, site.Settings, log);

    public async Task InvokeAsync(HttpContext context)
    {
        ApplyHeaders(context);
        try
        {
            if (Refusal(context) is { } refusal)
            {
                // A long body would be read for nothing.
                if (ClientGuard.IsWrite(context.Request) && !(context.Request.ContentLength <= Limits.LongestBodyReadInVain)) LastAnswer.Announce(context);
                await site.Errors.AnswerAsync(context, refusal).ConfigureAwait(false);
            }
            else await HandleAsync(context).ConfigureAwait(false);

            // Routing answers an unknown path and a wrong method with a bare status.
            var response = context.Response;
            if (response.StatusCode < StatusCodes.Status400BadRequest) return;
            if (!response.HasStarted && response.ContentType is null)
                await site.Errors.AnswerAsync(context, ErrorMeaning.OfStatus(response.StatusCode)).ConfigureAwait(false);
            _clients.Settle(context);
        }
        catch (Exception exception) when (IsHangUp(context, exception))
        {
            // Nobody is there to be answered, and a client that hangs up is no news: whoever does it a thousand times fills no log.
            context.Abort();
        }
        catch (BadHttpRequestException exception)
        {
            await FailAsync(context, ErrorMeaning.OfStatus(exception.StatusCode)).ConfigureAwait(false);
        }
        catch (MissingObjectException exception)
        {
            // Without a reason nobody has asked yet: what was here a moment ago was dropped.
            if (exception.Reason is { } reason) await FailAsync(context, ErrorKind.Unavailable, words => ErrorMeaning.Unreachable(words, reason)).ConfigureAwait(false);
            else await FailAsync(context, ErrorKind.Busy).ConfigureAwait(false);
        }
        catch (GitDataException exception)
        {
            LogDamage(exception.Message);
            await FailAsync(context, ErrorKind.Fault).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogFault(exception, context.Request.Method);
            await FailAsync(context, ErrorKind.Fault).ConfigureAwait(false);
        }
    }

    /// <summary>The connection is gone, or the server is stopping; the exception may come before the token is set.</summary>
    private static bool IsHangUp(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested || exception is OperationCanceledException or ConnectionResetException;

    private async Task HandleAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<PasteReading>() is not { } reading)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        var started = Stopwatch.GetTimestamp();
        await next(context).ConfigureAwait(false);
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest) site.Metrics.PasteRead(reading.Form, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Health is for monitors, which have no password; it says nothing of pastes.</summary>
    private static bool IsHealth(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null;

    private void ApplyHeaders(HttpContext context)
    {
        SecurityHeaders.Apply(context.Response.Headers, hasPassword: site.Settings.Auth is not null);
        if (context.Request.RouteValues.ContainsKey("id")) SecurityHeaders.HideFromSearch(context.Response.Headers);
        if (site.Settings.Tls is not null && context.Request.IsHttps) SecurityHeaders.DemandTls(context.Response.Headers);
    }

    private SiteError? Refusal(HttpContext context)
    {
        if (IsHealth(context)) return null;
        if (site.Settings.IsReadOnly && ClientGuard.IsWrite(context.Request) && context.GetEndpoint()?.Metadata.GetMetadata<BesideRepository>() is null) return new SiteError(ErrorKind.ReadOnly);
        if (_clients.Refusal(context) is { } tooMuch) return tooMuch;
        if (site.Settings.Auth is { } expected && !BasicAuthentication.IsGiven(context.Request, expected)) return new SiteError(ErrorKind.Unauthorized);
        if (CrossSite.IsForeign(context.Request)) return new SiteError(ErrorKind.CrossSite);
        return site.Work is { } work && context.GetEndpoint()?.Metadata.GetMetadata<MakesPaste>() is not null ? WorkGuard.Refusal(context, work, site.Links) : null;
    }

    private async Task FailAsync(HttpContext context, ErrorKind kind, Phrase? detail = null)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer is out; only a broken connection says that the rest will not come.
            context.Abort();
            return;
        }
        context.Response.Clear();
        ApplyHeaders(context);
        LastAnswer.Announce(context);
        await site.Errors.AnswerAsync(context, kind, detail).ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Error, "{Message}")]
    private partial void LogDamage(string message);

    [LoggerMessage(LogLevel.Error, "A {Method} request failed.")]
    private partial void LogFault(Exception exception, string method);
}

