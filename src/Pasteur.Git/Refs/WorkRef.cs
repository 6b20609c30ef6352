namespace Pasteur.Git.Refs;

/// <summary>
/// Refs that name, piece by piece, what is being made and no branch has yet: so that it is known to the owner's gc. They go when it is in a
/// branch; one that is left over from a run that was cut short says nothing.
/// </summary>
internal static class WorkRef
{
    /// <summary>Our commits on top of another side's.</summary>
    public const string Replaying = "refs/pasteur/replay";

    /// <summary>History without what is to be erased.</summary>
    public const string Erasing = "refs/pasteur/erasing";

    /// <summary>The lasting branch with an inbox, while the remote has not agreed.</summary>
    public const string Merging = "refs/pasteur/merging";

    public static bool Is(string name) => name is Replaying or Erasing or Merging;
}
