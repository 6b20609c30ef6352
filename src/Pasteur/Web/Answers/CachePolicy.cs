namespace Pasteur.Web.Answers;

/// <summary>What browsers and caches may keep (RFC 9111).</summary>
internal static class CachePolicy
{
    /// <summary>Named by a hash: what has this name will never be anything else.</summary>
    public const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>Keep it, and ask each time whether it is still so: the owner may change or remove a paste in the repository.</summary>
    public const string Revalidate = "no-cache";

    /// <summary>
    /// A minute without asking, for a cache in front of many servers; a removal shows that much later. Only for a site that is open
    /// to everybody: what needs a password is no shared cache's.
    /// </summary>
    public const string RawOfOpenSite = "public, max-age=60";

    public const string RawOfClosedSite = "private, no-cache";

    public const string Never = "no-store";
}
