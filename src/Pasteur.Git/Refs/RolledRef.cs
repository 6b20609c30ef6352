namespace Pasteur.Git.Refs;

/// <summary>
/// <c>refs/pasteur/rolled/BRANCH</c>: the tip of a branch at the last roll, written before the branch itself. When the owner moves the
/// branch back or to something of his own, his next <c>git gc --prune=now</c> would take our commits before they are noticed missing and
/// made again on top of his: this ref still reaches them.
/// </summary>
internal static class RolledRef
{
    private const string Prefix = "refs/pasteur/rolled/";
    private const string Heads = "refs/heads/";

    public static bool Is(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The ref beside <c>refs/heads/BRANCH</c>; null beside any other ref, and beside a branch that is to be forgotten.</summary>
    public static string? Beside(string name) => name.StartsWith(Heads, StringComparison.Ordinal) && !ShortLivedRef.Is(name) ? Prefix + name[Heads.Length..] : null;
}
