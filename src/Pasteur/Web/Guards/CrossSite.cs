namespace Pasteur.Web.Guards;

/// <summary>
/// Tells whether a browser sends a request because of a page of another site. Such a page must not paste with the credentials that
/// the browser keeps for this one. Programs send none of these headers and pass.
/// </summary>
internal static class CrossSite
{
    public static bool IsForeign(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return false;

        // Browsers say it themselves to sites that they trust the connection of (Fetch Metadata). "none" is the user's own doing.
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0) return site is not (["same-origin"] or ["none"]);

        // Over plain HTTP there is only the origin. Our own pages send "null" (their policy is no-referrer), but for a site with a password: any
        // page can make it "null", in a sandboxed frame, and there the browser would add what it keeps.
        var origin = request.Headers.Origin;
        if (origin == "null") return request.Headers.Authorization.Count > 0;
        return origin.Count > 0 && !IsOurs(origin.ToString(), request.Host);
    }

    private static bool IsOurs(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(WithoutDefaultPort(host, uri.Scheme), StringComparison.OrdinalIgnoreCase);

    /// <summary>A proxy may hand on the port that the browser leaves out.</summary>
    private static string WithoutDefaultPort(HostString host, string scheme) =>
        (scheme, host.Port) is ("http", 80) or ("https", 443) ? host.Host : host.Value ?? "";
}
