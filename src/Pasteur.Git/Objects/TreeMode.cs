using System.Diagnostics.CodeAnalysis;

namespace Pasteur.Git.Objects;

/// <summary>The modes that git writes into trees (octal; file type and permissions of a checkout).</summary>
[SuppressMessage("Design", "CA1008", Justification = "A mode of zero does not exist.")]
public enum TreeMode
{
    Folder = 0x4000, // 40000
    File = 0x81a4, // 100644
    ExecutableFile = 0x81ed, // 100755
    SymbolicLink = 0xa000, // 120000
    Submodule = 0xe000, // 160000

    /// <summary>100664: written by early versions of git; read as a file.</summary>
    GroupWritableFile = 0x81b4,
}

internal static class TreeModes
{
    private const int TypeMask = 0xf000;

    /// <summary>By file type alone, so that unusual permissions do not make a folder a file.</summary>
    public static bool IsTree(this TreeMode mode) => ((int)mode & TypeMask) == (int)TreeMode.Folder;

    public static bool IsSubmodule(this TreeMode mode) => ((int)mode & TypeMask) == (int)TreeMode.Submodule;

    public static bool IsKnown(this TreeMode mode) => Enum.IsDefined(mode);
}
