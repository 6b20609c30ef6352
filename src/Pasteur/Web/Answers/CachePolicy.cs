using Pasteur.Pastes;

namespace Pasteur.Web.Answers;

/// <summary>What browsers and caches may keep (RFC 9111).</summary>
internal static class CachePolicy
{
    /// <summary>Named by a hash: what has this name will never be anything else.</summary>
    public const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>Keep it, and ask each time whether it is still so: the owner may change or remove a paste in the repository.</summary>
    public const string Revalidate = "no-cache";

    /// <summary>
    /// A cache in front of many servers may keep it too and asks each time, which costs no more than a 304: an edit or a deletion holds at
    /// once. Only for a site that is open to everybody: what needs a password is no shared cache's.
    /// </summary>
    public const string RawOfOpenSite = "public, no-cache";

    public const string RawOfClosedSite = "private, no-cache";

    public const string Never = "no-store";

    /// <summary>What ends is kept by nobody: no copy of it may outlive it, in a browser's disk cache least of all.</summary>
    public static string For(Paste paste, string usual) => paste.Expires is null ? usual : Never;
}
