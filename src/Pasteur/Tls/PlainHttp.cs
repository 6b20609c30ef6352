using Pasteur.Configuration;
using Pasteur.Tls.Challenges;

namespace Pasteur.Tls;

/// <summary>What the port of plain HTTP answers: challenges, and the way to https for everything else. Nothing is ever taken or shown there.</summary>
internal sealed class PlainHttp(TlsSettings settings, HttpChallenges challenges, Func<int> httpsPort)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.IsHttps)
            await next(context);
        else if (ChallengeOf(context.Request) is { } answer)
            await AnswerAsync(context.Response, answer);
        else
            Redirect(context);
    }

    private string? ChallengeOf(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Path.Value is { } path && path.StartsWith(HttpChallenges.Path, StringComparison.Ordinal)
            ? challenges.Find(path[HttpChallenges.Path.Length..])
            : null;

    private static Task AnswerAsync(HttpResponse response, string answer)
    {
        response.ContentType = "application/octet-stream";
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync(answer);
    }

    // To one of our names alone: whoever sends another must not be sent on to it by us. A method with a body is kept by 308.
    private void Redirect(HttpContext context)
    {
        var request = context.Request;
        var named = request.Host.Host;
        var host = settings.Hostnames.Count == 0 || settings.Hostnames.Contains(named, StringComparer.OrdinalIgnoreCase) ? named : settings.Hostnames[0];
        if (host.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var port = httpsPort();
        var bare = host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host;
        var target = $"https://{bare}{(port == Limits.HttpsPort ? "" : $":{port}")}{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}";
        context.Response.StatusCode = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? StatusCodes.Status301MovedPermanently : StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = target;
        context.Response.Headers.CacheControl = "no-store";
    }
}
