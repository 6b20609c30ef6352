using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Http;

/// <summary>
/// Where a redirect of the discovery leads (gitprotocol-http; git's http.followRedirects is "initial" by default). It may change the
/// host, never to a less safe scheme, and must lead to the same question at another repository's address.
/// </summary>
internal static class HttpRedirect
{
    public static bool Is(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    /// <summary>The repository's address over there.</summary>
    /// <exception cref="IOException">It leads to where we do not go; the message says so.</exception>
    public static Uri Follow(HttpTarget from, Uri? location)
    {
        if (location is null || !Uri.TryCreate(from.Discovery, location, out var to))
            throw new IOException($"{from.Repository.AbsoluteUri} redirects to nowhere (its answer has no sound Location); check the remote's URL");
        if (to.Scheme is not ("http" or "https"))
            throw new IOException($"{from.Repository.AbsoluteUri} redirects to {Shown(to.Scheme)}:, which is not followed; check the remote's URL");
        if (from.Repository.Scheme == "https" && to.Scheme == "http")
            throw new IOException($"{from.Repository.AbsoluteUri} redirects from https to http, which is not followed; check the remote's URL");
        var there = to.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (!to.AbsolutePath.EndsWith(HttpTarget.DiscoveryPath, StringComparison.Ordinal) || to.Query != from.DiscoveryQuery)
            throw new IOException($"{from.Repository.AbsoluteUri} redirects to {Shown(there)}, which is no Git address (a page to log in, perhaps); check the remote's URL");
        return HttpTarget.WithoutSlash(new Uri(there[..^HttpTarget.DiscoveryPath.Length]));
    }

    /// <summary>A redirect's end as it may be shown: no login, no query.</summary>
    public static string Shown(Uri from, Uri? location) =>
        location is not null && Uri.TryCreate(from, location, out var to)
            ? Shown(to.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped))
            : "nowhere";

    private static string Shown(string text) => RemoteText.Clean(text.Length <= 300 ? text : text[..300] + "…");
}
