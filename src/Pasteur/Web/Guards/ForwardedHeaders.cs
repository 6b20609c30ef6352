using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Web.Guards;

/// <summary>
/// What a request was before proxies handed it on: whose, by which scheme, to which host, below which path. Each proxy adds to the right of what it
/// was told, so the lists are read from there, and only as far as proxies that are trusted wrote them. From anyone else they are nothing.
/// </summary>
internal sealed partial class ForwardedHeaders(RequestDelegate next, Settings settings, ILogger<ForwardedHeaders> log)
{
    private int _isPrefixTold;

    public Task InvokeAsync(HttpContext context)
    {
        if (IsTrusted(context.Connection.RemoteIpAddress)) Apply(context);
        return next(context);
    }

    private bool IsTrusted(IPAddress? peer)
    {
        foreach (var proxy in settings.TrustedProxies)
        {
            if (proxy.Contains(peer)) return true;
        }
        return false;
    }

    private void Apply(HttpContext context)
    {
        var request = context.Request;
        var proxies = FindClient(context);
        if (Written(request, "X-Forwarded-Proto", proxies) is { } scheme && SchemeOf(scheme) is { } known) request.Scheme = known;
        if (Written(request, "X-Forwarded-Host", proxies) is { } host && IsHost(host)) request.Host = new HostString(host);
        if (Written(request, "X-Forwarded-Prefix", proxies) is { } prefix && SettingValues.BasePath(prefix) is { IsOk: true, Value: var path }) PutBack(request, path);
    }

    /// <summary>Makes the client the connection's other end.</summary>
    /// <returns>How many proxies of ours the request came through; at least the one that is connected.</returns>
    private int FindClient(HttpContext context)
    {
        var clients = Items(context.Request, "X-Forwarded-For");
        var peer = context.Connection.RemoteIpAddress;
        var proxies = 0;
        while (proxies < clients.Length && IsTrusted(peer) && AddressOf(clients[^(proxies + 1)]) is { } client)
        {
            peer = client;
            proxies++;
        }
        context.Connection.RemoteIpAddress = peer;
        return Math.Max(proxies, 1);
    }

    /// <summary>What the outermost of our proxies wrote; those that only write when there is nothing leave a shorter list.</summary>
    private static string? Written(HttpRequest request, string header, int proxies)
    {
        var items = Items(request, header);
        return items.Length == 0 ? null : items[^Math.Min(proxies, items.Length)];
    }

    private static string[] Items(HttpRequest request, string header) =>
        request.Headers[header] is { Count: > 0 } values ? values.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>An address, with or without a port: some proxies write one. Null for "unknown" and the like.</summary>
    private static IPAddress? AddressOf(string item)
    {
        if (IPAddress.TryParse(item, out var address) && item.AsSpan().ContainsAny('.', ':')) return address;
        return IPEndPoint.TryParse(item, out var endPoint) && item.AsSpan().ContainsAny('.', ':') ? endPoint.Address : null;
    }

    private static string? SchemeOf(string text) =>
        text.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase) ? Uri.UriSchemeHttps
        : text.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) ? Uri.UriSchemeHttp : null;

    private static bool IsHost(string text) =>
        text.Length is > 0 and <= Limits.MaxHostLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']');

    /// <summary>A proxy that cuts the site's path off says so; links need to know of it beforehand.</summary>
    private void PutBack(HttpRequest request, string prefix)
    {
        if (prefix == settings.BasePath)
        {
            if (prefix.Length > 0 && !request.Path.StartsWithSegments(prefix)) request.Path = new PathString(prefix).Add(request.Path);
        }
        else if (Interlocked.Exchange(ref _isPrefixTold, 1) == 0)
        {
            LogOtherPrefix(prefix);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A proxy says that the site is below {Prefix}; give --base-path {Prefix}, or links will not lead there.")]
    private partial void LogOtherPrefix(string prefix);
}
