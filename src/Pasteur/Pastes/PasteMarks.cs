using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// A kind of marks that say something of pastes which are not there: <c>FOLDER/a/b/c/DIGEST</c>, the SHA-256 of the id, where the paste lay in <c>a/b/c</c>.
/// </summary>
internal sealed class PasteMarks(string folder, byte[] text)
{
    /// <summary>Of pastes that are to go from all history.</summary>
    public static readonly PasteMarks Erased = new("erased", "A paste was erased.\n"u8.ToArray());

    /// <summary>Of pastes that their owners have deleted: what was given another end may be elsewhere by then, unknown to whoever deletes it.</summary>
    public static readonly PasteMarks Deleted = new("deleted", "A paste was deleted.\n"u8.ToArray());

    public string Folder => folder;

    // Made when it is asked for: the first hash begins OpenSSL, which nobody has to wait for while the program starts.
    private PreparedBlob Content => field ??= PreparedBlob.Create(text);

    public TreeEdit Of(PasteId id) => new(PathOf(id), Content);

    /// <summary>The same; null where it is there, or where somebody's file stands in the way.</summary>
    public TreeEdit? NewFor(PasteId id, Snapshot snapshot, ObjectId tip)
    {
        var path = PathOf(id);
        for (var end = folder.Length; end > 0; end = path.IndexOf('/', end + 1))
            if (snapshot.Find(tip, path[..end]) is not { } there) break;
            else if (!there.IsTree) return null;
        return snapshot.Find(tip, path) is null ? Of(id) : null;
    }

    /// <summary>Whether a commit holds any.</summary>
    public bool AreIn(Snapshot snapshot, ObjectId tip) => snapshot.Find(tip, folder) is { IsTree: true };

    public bool IsSet(Snapshot snapshot, ObjectId tip, PasteId id) => AreIn(snapshot, tip) && snapshot.Find(tip, PathOf(id)) is not null;

    /// <summary>What a commit says, and another does not.</summary>
    /// <param name="known">Null: nothing is known.</param>
    public IReadOnlyList<ErasedFolder> NewIn(Snapshot snapshot, ObjectId? known, ObjectId tip)
    {
        var found = new List<string>();
        var before = known is { } commit ? snapshot.Find(commit, folder) : null;
        if (snapshot.Find(tip, folder) is { IsTree: true } marks) AddNew(snapshot, before is { IsTree: true } old ? old.Id : null, marks.Id, "", areMarks: true, found);
        return [.. found.Select(path => new ErasedFolder(path[..^65], Convert.FromHexString(path[^64..])))];
    }

    /// <summary>The folders of pastes that a commit has, and another has not at all.</summary>
    public static List<string> NewPastes(Snapshot snapshot, ObjectId? known, ObjectId tip)
    {
        var found = new List<string>();
        AddNew(snapshot, known is { } commit ? snapshot.ReadCommit(commit).Tree : null, snapshot.ReadCommit(tip).Tree, "", areMarks: false, found);
        return found;
    }

    private static void AddNew(Snapshot snapshot, ObjectId? before, ObjectId tree, string path, bool areMarks, List<string> found)
    {
        if (tree == before) return;
        var known = before is { } b ? snapshot.ReadTree(b).ByName() : [];
        var depth = path.Length / 2;
        foreach (var entry in snapshot.ReadTree(tree))
        {
            ObjectId? was = known.TryGetValue(entry.Name, out var id) ? id : null;
            if (depth < PasteId.MostLevels && entry.IsTree && entry.Name.Length == 1) AddNew(snapshot, was, entry.Id, $"{path}{entry.Name}/", areMarks, found);
            else if (was is null && depth >= PasteId.FewestLevels && (areMarks ? entry.Name.Length == 64 && entry.Name.All(char.IsAsciiHexDigitLower) : entry.IsTree && entry.Name.Length > 1)) found.Add(path + entry.Name);
        }
    }

    public string PathOf(PasteId id) => $"{folder}/{ParentOf(id)}/{Convert.ToHexStringLower(Erasures.FolderOf(id).NameDigest.Span)}";

    public static string ParentOf(PasteId id) => id.Folder[..id.Folder.LastIndexOf('/')];
}
