using System.Globalization;
using Microsoft.Extensions.Primitives;
using Pasteur.Configuration;

namespace Pasteur.Web.Guards;

/// <summary>The headers that every answer carries, so that nothing pasted can act in the site's name.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// Our own style sheet, scripts and images; nothing inline, nothing from elsewhere, no frame around it. Scripts ask this site alone;
    /// pictures of an encrypted paste are blobs that our script made.
    /// </summary>
    public const string PagePolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>For bytes that somebody pasted: as from an origin of their own, with nothing allowed.</summary>
    public const string SandboxPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";

    // Made once: a header set from a string would wrap it anew for each answer.
    public static readonly StringValues VaryByEncoding = "Accept-Encoding";
    public static readonly StringValues VaryByLanguage = "Accept-Encoding, Accept-Language";
    private static readonly StringValues PagePolicyValue = PagePolicy;
    private static readonly StringValues PagePolicyWithData = PagePolicy.Replace("blob:", "blob: data:", StringComparison.Ordinal);
    private static readonly StringValues SandboxPolicyValue = SandboxPolicy;
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues NoIndex = "noindex";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues StrictTransport = string.Create(CultureInfo.InvariantCulture, $"max-age={(long)Limits.StrictTransportFor.TotalSeconds}");

    /// <param name="hasPassword">Then forms have to tell where they come from (see <see cref="CrossSite"/>).</param>
    public static void Apply(IHeaderDictionary headers, bool hasPassword)
    {
        headers.ContentSecurityPolicy = PagePolicyValue;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = hasPassword ? SameOrigin : NoReferrer;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
    }

    /// <summary>Browsers come back over https alone (RFC 6797). Of other names under ours it says nothing: they may be somebody else's.</summary>
    public static void DemandTls(IHeaderDictionary headers) => headers.StrictTransportSecurity = StrictTransport;

    /// <summary>What was pasted is found by whoever has its link, in whatever form it is read.</summary>
    public static void HideFromSearch(IHeaderDictionary headers) => headers["X-Robots-Tag"] = NoIndex;

    /// <summary>Of a page that brings pictures in itself.</summary>
    public static void AllowPicturesInside(IHeaderDictionary headers) => headers.ContentSecurityPolicy = PagePolicyWithData;

    public static void Sandbox(IHeaderDictionary headers) => headers.ContentSecurityPolicy = SandboxPolicyValue;
}
