using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// What becomes of a paste that two servers of one remote have changed at the same time: both edits are kept, the later one to arrive as
/// the newer revision. So no edit that was answered is lost, and no paste is a mixture of two.
/// </summary>
internal static class PasteFolders
{
    public static FolderRules Rules { get; } = new(Find, Merge) { ErasedIn = static (snapshot, tip) => Erasures.NewIn(snapshot, null, tip) };

    // a/b/c/abc…: the levels, and the id that begins as they are named.
    public static int Find(ReadOnlySpan<byte> path)
    {
        var levels = 0;
        while (levels < PasteId.MostLevels && path.Length > (2 * levels) + 1 && path[(2 * levels) + 1] == '/') levels++;
        var end = path[(2 * levels)..].IndexOf((byte)'/');
        if (end < Limits.ShortestIdLength || levels != PasteId.LevelsFor(end)) return 0;
        for (var level = 0; level < levels; level++)
            if (path[2 * level] != path[(2 * levels) + level]) return 0;
        return (2 * levels) + end;
    }

    private static FolderMerge Merge(Snapshot snapshot, ObjectId ours, ObjectId theirs)
    {
        if (Read(snapshot, ours) is not { } mine || Read(snapshot, theirs) is not { } other) return new FolderMerge.KeepTheirs();
        if (mine.Reads is not null && other.Reads is not null && mine.OwnerTokenHash == other.OwnerTokenHash) return MergeReads(mine, other);
        // A rewritten history brings commits once more whose edits are long there.
        if (Follows(other, ours)) return new FolderMerge.Contained();
        if (Follows(mine, theirs)) return new FolderMerge.TakeOurs();
        // Two that drew one id.
        if (mine.OwnerTokenHash != other.OwnerTokenHash) return new FolderMerge.KeepTheirs();
        if ((mine.EndSet ?? other.EndSet) is not null && HoldsFiles(snapshot, (other, theirs), (mine, ours)))
            return IsLater(mine.EndSet, other.EndSet) ? new FolderMerge.KeepTheirsWith(StoredNames.Metadata, Ending(other, mine).ToUtf8()) : new FolderMerge.Contained();
        if (mine.Edited is null) return new FolderMerge.KeepTheirs();
        var earlier = other.Earlier ?? [];
        if (earlier.Count + 2 > Limits.MaxRevisions) return new FolderMerge.KeepTheirs();
        var merged = (IsLater(other.EndSet, mine.EndSet) ? Ending(mine, other) : mine) with
        {
            Revisions = earlier.Count + 2,
            Earlier = [.. earlier, new PasteJsonRevision(theirs.ToString(), other.Edited ?? other.Created, other.Author, other.Comment)],
        };
        return new FolderMerge.TakeOursWith(StoredNames.Metadata, merged.ToUtf8());
    }

    // Each time that it was opened counts, in the order of arrival. Who came when it was burnt already did not read it.
    private static FolderMerge MergeReads(PasteJson mine, PasteJson other)
    {
        var theirs = other.ReadBy ?? [];
        string[] ours = [.. (mine.ReadBy ?? []).Except(theirs)];
        if (ours.Length == 0 || theirs.Count >= other.Reads) return new FolderMerge.Contained();
        return new FolderMerge.TakeOursWith(StoredNames.Metadata, mine.WithReads([.. theirs, .. ours]).ToUtf8());
    }

    // What is new in ours, if anything is, is when it ends.
    private static bool HoldsFiles(Snapshot snapshot, (PasteJson Json, ObjectId Tree) other, (PasteJson Json, ObjectId Tree) mine)
    {
        var earlier = other.Json.Earlier ?? [];
        var number = mine.Json.Revisions;
        if (number == earlier.Count + 1) return FilesOf(other.Tree).SequenceEqual(FilesOf(mine.Tree));
        try
        {
            return number > 0 && number <= earlier.Count && ObjectId.TryParse(earlier[number - 1]?.Tree, out var tree) && snapshot.Holds(tree) && FilesOf(tree).SequenceEqual(FilesOf(mine.Tree));
        }
        catch (GitDataException)
        {
            // Whoever may push can write any list of revisions.
            return false;
        }

        IEnumerable<string> FilesOf(ObjectId folder) => snapshot.ReadTree(folder).Where(entry => entry.Name != StoredNames.Metadata).Select(entry => $"{entry.Id} {entry.Name}");
    }

    private static bool IsLater(DateTimeOffset? one, DateTimeOffset? other) => one is not null && (other is null || one > other);

    private static PasteJson Ending(PasteJson paste, PasteJson end) => paste with { Expires = end.Expires, EndSet = end.EndSet, InHistory = paste.InHistory || end.InHistory };

    private static bool Follows(PasteJson later, ObjectId earlier) => later.Earlier?.Any(revision => revision?.Tree == earlier.ToString()) == true;

    private static PasteJson? Read(Snapshot snapshot, ObjectId folder)
    {
        try
        {
            return PasteReader.Describe(snapshot, folder);
        }
        catch (GitDataException)
        {
            // Whoever may push can write any list of revisions.
            return null;
        }
    }
}
