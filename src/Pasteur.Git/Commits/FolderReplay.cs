using System.Text;
using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>A commit that is made again on another tip.</summary>
/// <param name="Before">The tree that it was made of.</param>
/// <param name="After">The tree that it made.</param>
/// <param name="Onto">The tree that it comes onto.</param>
internal readonly record struct ReplayedTrees(ObjectId Before, ObjectId After, ObjectId Onto);

/// <summary>Replays changes of folders whose files belong together (<see cref="FolderRules"/>).</summary>
internal static class FolderReplay
{
    /// <summary>Takes such folders out of the changes and says what each becomes; what is left stands for itself.</summary>
    /// <param name="conflicts">Gets the folders in which something of either side is lost.</param>
    public static IEnumerable<TreePut> Take(Batch batch, ReplayedTrees trees, List<TreeChange> changes, List<string> conflicts)
    {
        if (batch.Folders is not { } rules) return [];
        var folders = new List<byte[]>();
        changes.RemoveAll(change =>
        {
            var length = rules.Find(change.Path);
            // Changes come in the order of their paths: those of a folder stand together.
            if (length > 0 && (folders.Count == 0 || !folders[^1].AsSpan().SequenceEqual(change.Path.AsSpan(0, length)))) folders.Add(change.Path[..length]);
            return length > 0;
        });
        return folders.Select(folder => Replay(batch, trees, folder, conflicts)).OfType<TreePut>();
    }

    // Null: it stays as it is there.
    private static TreePut? Replay(Batch batch, ReplayedTrees trees, byte[] folder, List<string> conflicts)
    {
        var (before, ours, theirs) = (Find(batch, trees.Before, folder), Find(batch, trees.After, folder), Find(batch, trees.Onto, folder));
        if (theirs == ours) return null;
        if (ours is not { } o)
        {
            // Also what they have put there since.
            if (theirs != before) conflicts.Add(Encoding.UTF8.GetString(folder));
            return new TreePut(folder, TreeMode.Folder, null);
        }
        if (theirs == before) return new TreePut(folder, TreeMode.Folder, o);
        var merge = theirs is { } t ? Merge(batch, o, t) : new FolderMerge.KeepTheirs();
        switch (merge)
        {
            case FolderMerge.TakeOurs:
                return new TreePut(folder, TreeMode.Folder, o);
            case FolderMerge.TakeOursWith other:
                return new TreePut(folder, TreeMode.Folder, Write(batch, o, other.Name, other.Content));
            case FolderMerge.KeepTheirsWith other:
                return new TreePut(folder, TreeMode.Folder, Write(batch, theirs!.Value, other.Name, other.Content));
            case FolderMerge.KeepTheirs:
                conflicts.Add(Encoding.UTF8.GetString(folder));
                return null;
            default:
                return null;
        }
    }

    private static FolderMerge Merge(Batch batch, ObjectId ours, ObjectId theirs)
    {
        // Theirs may be one that this batch has just made.
        batch.Spill();
        return batch.Folders!.Merge(new Snapshot(batch.Store, batch.Refs, 0), ours, theirs);
    }

    private static ObjectId Write(Batch batch, ObjectId folder, string name, ReadOnlyMemory<byte> file)
    {
        var blob = ObjectHasher.Hash(ObjectKind.Blob, file.Span);
        batch.WriteBlob(PreparedBlob.Create(file.Span));
        var content = TreeContent.Put(batch.Store.ReadTreeContent(folder).ToArray(), Encoding.UTF8.GetBytes(name), TreeMode.File, blob);
        var tree = ObjectHasher.Hash(ObjectKind.Tree, content);
        batch.WriteWhole(ObjectKind.Tree, tree, content);
        return tree;
    }

    private static ObjectId? Find(Batch batch, ObjectId tree, byte[] folder) => batch.TryFindFolder(tree, folder, out var id) ? id : null;
}
