using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>Finds the folder that a path belongs to as a whole: the number of leading bytes that name it, 0 when the path stands for itself.</summary>
public delegate int FolderOf(ReadOnlySpan<byte> path);

/// <summary>Says what becomes of a folder that both sides have changed. Reads what it likes; must not throw for what it finds there.</summary>
/// <param name="ours">The folder's tree after our commit.</param>
/// <param name="theirs">The folder's tree on the other side.</param>
public delegate FolderMerge MergeFolders(Snapshot snapshot, ObjectId ours, ObjectId theirs);

/// <summary>
/// Folders whose files belong together. When our commits are put on top of another side's, such a folder is taken or left as a whole: never
/// is one file of one side put among those of the other. What one side has deleted, no change of the other brings back.
/// </summary>
public sealed record FolderRules(FolderOf Find, MergeFolders Merge)
{
    /// <summary>What a commit of <see cref="RepositoryOptions.Branch"/> says is erased: it goes from what others put beside that history, too.</summary>
    public Func<Snapshot, ObjectId, IReadOnlyList<ErasedFolder>>? ErasedIn { get; init; }
}

/// <summary>What becomes of a folder that both sides have changed.</summary>
public abstract record FolderMerge
{
    private FolderMerge() { }

    /// <summary>Theirs stays; ours is in it already.</summary>
    public sealed record Contained : FolderMerge;

    /// <summary>Theirs stays, and ours is lost.</summary>
    public sealed record KeepTheirs : FolderMerge;

    /// <summary>Theirs, with this in place of one of its files.</summary>
    public sealed record KeepTheirsWith(string Name, ReadOnlyMemory<byte> Content) : FolderMerge;

    /// <summary>Ours, which was made of theirs.</summary>
    public sealed record TakeOurs : FolderMerge;

    /// <summary>Ours, with this in place of one of its files.</summary>
    public sealed record TakeOursWith(string Name, ReadOnlyMemory<byte> Content) : FolderMerge;
}
