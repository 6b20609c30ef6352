namespace Pasteur.Git.Refs;

/// <summary>
/// Branches under <c>until/</c>: what is on them is to be forgotten. Nothing may go on naming their commits when they are gone, so they
/// have no ref beside them (<see cref="RolledRef"/>) and none that keeps what a rewrite took away, and no journal's record names them.
/// </summary>
internal static class ShortLivedRef
{
    /// <summary>How the short names of these branches begin.</summary>
    public const string Branches = "until/";

    private const string Heads = "refs/heads/" + Branches;
    private const string Remotes = "refs/remotes/origin/" + Branches;

    public static bool IsHead(string name) => name.StartsWith(Heads, StringComparison.Ordinal);

    /// <summary>Such a branch, or a remote's tip of one.</summary>
    public static bool Is(string name) => IsHead(name) || name.StartsWith(Remotes, StringComparison.Ordinal);
}
