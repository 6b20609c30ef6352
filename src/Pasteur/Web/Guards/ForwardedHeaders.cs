using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Web.Guards;

/// <summary>
/// What a request was before proxies handed it on: whose, by which scheme, to which host, below which path. Each proxy adds to the right of what it
/// was told, so the lists are read from there, and only as far as proxies that are trusted wrote them. From anyone else they are nothing.
/// </summary>
/// <param name="next">The site below its own base path.</param>
/// <param name="below">Makes the same site below another one.</param>
internal sealed partial class ForwardedHeaders(RequestDelegate next, Func<string, RequestDelegate> below, Settings settings, ILogger log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RequestDelegate> _below = [];

    public Task InvokeAsync(HttpContext context) =>
        IsTrusted(context.Connection.RemoteIpAddress) ? Apply(context)(context) : next(context);

    private bool IsTrusted(IPAddress? peer)
    {
        foreach (var proxy in settings.TrustedProxies)
        {
            if (proxy.Contains(peer)) return true;
        }
        return false;
    }

    /// <summary>Who serves the request.</summary>
    private RequestDelegate Apply(HttpContext context)
    {
        var request = context.Request;
        var proxies = FindClient(context);
        if (Written(request, "X-Forwarded-Proto", proxies) is { } scheme && SchemeOf(scheme) is { } known) request.Scheme = known;
        if (Written(request, "X-Forwarded-Host", proxies) is { } host && IsHost(host)) request.Host = new HostString(host);
        return Written(request, "X-Forwarded-Prefix", proxies) is { } prefix && SettingValues.BasePath(prefix) is { IsOk: true, Value: { Length: > 0 } path }
            ? PutBack(request, path)
            : next;
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

    /// <summary>
    /// A proxy that cuts a path off says so: links begin with it, unless the site was told another one. A proxy that says so without cutting it off
    /// is understood too.
    /// </summary>
    private RequestDelegate PutBack(HttpRequest request, string prefix)
    {
        if (settings.BasePath.Length > 0 && prefix != settings.BasePath) return next;
        if (!request.Path.StartsWithSegments(prefix)) request.Path = new PathString(prefix).Add(request.Path);
        return settings.BasePath.Length > 0 ? next : Below(prefix);
    }

    private RequestDelegate Below(string basePath)
    {
        lock (_lock)
        {
            if (_below.TryGetValue(basePath, out var known)) return known;
            if (_below.Count < Limits.MaxForwardedPrefixes) return _below[basePath] = below(basePath);
        }
        LogTooMany(basePath, Limits.MaxForwardedPrefixes);
        return next;
    }

    [LoggerMessage(LogLevel.Warning, "A proxy says that the site is below {Path}; that is one path more than the {Most} that a site can be below.")]
    private partial void LogTooMany(string path, int most);
}
