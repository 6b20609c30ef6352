namespace Pasteur.Git.Objects;

/// <summary>One name in a tree. <see cref="Name"/> is for people: bytes that are not UTF-8 are shown as U+FFFD.</summary>
public readonly record struct TreeEntry(TreeMode Mode, string Name, ObjectId Id)
{
    public bool IsTree => Mode.IsTree();
}
