using System.Globalization;

namespace Pasteur;

/// <summary>Where a browser on this machine finds the site. No <see cref="Uri"/>: half of what that runs is never run again (docs/decisions/0008-start.md).</summary>
/// <param name="Origin">Such as http://localhost:8080 or https://paste.example.org.</param>
internal sealed record SiteAddress(string Origin, int Port, string BasePath)
{
    private const int HttpPort = 80, HttpsPort = 443;

    /// <param name="listening">Host and port, perhaps with a scheme before them; null where there is neither, as with a socket of UNIX.</param>
    /// <param name="name">The site's own; null where it has none.</param>
    public static SiteAddress Of(string? listening, string? name, bool isTls, string basePath)
    {
        var (scheme, usual) = isTls ? ("https", HttpsPort) : ("http", HttpPort);
        var authority = listening?[(listening.LastIndexOf('/') + 1)..] ?? "localhost";
        // Not a colon within an IPv6 address, which ends with a bracket.
        var colon = authority.LastIndexOf(':') is var last && last > authority.LastIndexOf(']') ? last : authority.Length;
        var port = colon == authority.Length ? usual : int.Parse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        var host = name ?? (authority[..colon] is var bound && bound is "0.0.0.0" or "[::]" ? "localhost" : bound);
        return new SiteAddress(port == usual ? $"{scheme}://{host}" : $"{scheme}://{host}:{port}", port, basePath);
    }

    public override string ToString() => $"{Origin}{BasePath}/";
}
