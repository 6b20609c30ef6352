using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>What an entry of a tree is to a paste.</summary>
internal static class TreeEntries
{
    /// <summary>Not a link: what a link names is a path of somebody's choice.</summary>
    public static bool IsRegularFile(this TreeEntry entry) => entry.Mode is TreeMode.File or TreeMode.ExecutableFile or TreeMode.GroupWritableFile;
}
