namespace Pasteur.Git.Objects;

/// <summary>The four kinds of Git object, numbered as a pack entry's header numbers them (gitformat-pack).</summary>
public enum ObjectKind : byte
{
    Commit = 1,
    Tree = 2,
    Blob = 3,
    Tag = 4,
}
