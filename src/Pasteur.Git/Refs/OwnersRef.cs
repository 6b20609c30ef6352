namespace Pasteur.Git.Refs;

/// <summary>Refs that are the owner's alone: tags, notes and the like. Nobody here follows them, and only an erasure moves one.</summary>
internal static class OwnersRef
{
    private static readonly string[] Ours = ["refs/heads/", "refs/remotes/", "refs/pasteur/"];

    public static bool Is(string name) => RefName.IsValid(name) && !Array.Exists(Ours, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
