using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// What the repository says of pastes that were erased: <c>erased/a/b/c/DIGEST</c>, the SHA-256 of the id, where the paste lay in <c>a/b/c</c>.
/// Every server of a remote that finds one takes that paste out of all history that it has, and none makes the id again.
/// </summary>
internal static class Erasures
{
    private const string Folder = "erased";
    private const int FanOut = 3;

    private static readonly PreparedBlob Mark = PreparedBlob.Create("A paste was erased.\n"u8);

    public static EraseRequest Of(string branch, IReadOnlyCollection<PasteId> ids, DateTimeOffset now) => new(branch, [.. ids.Select(FolderOf)])
    {
        Author = PasteDraft.AuthorOf(null, now),
        Marks = [.. ids.Select(id => new TreeEdit(PathOf(id), Mark))],
        Message = ids.Count == 1 ? "Erase a paste" : $"Erase {ids.Count} pastes",
    };

    public static ErasedFolder FolderOf(PasteId id) => ErasedFolder.Of(ParentOf(id), id.ToString());

    public static bool IsOf(ErasedFolder folder, PasteId id) => FolderOf(id) is var own && own.Parent == folder.Parent && own.NameDigest.Span.SequenceEqual(folder.NameDigest.Span);

    public static bool IsErased(Snapshot snapshot, ObjectId tip, PasteId id) => snapshot.Find(tip, Folder) is { IsTree: true } && snapshot.Find(tip, PathOf(id)) is not null;

    /// <summary>What a commit says is erased, and another does not.</summary>
    /// <param name="known">Null: nothing is known.</param>
    public static IReadOnlyList<ErasedFolder> NewIn(Snapshot snapshot, ObjectId? known, ObjectId tip)
    {
        var found = new List<ErasedFolder>();
        var before = known is { } commit ? snapshot.Find(commit, Folder) : null;
        if (snapshot.Find(tip, Folder) is { IsTree: true } marks) Add(snapshot, before is { IsTree: true } old ? old.Id : null, marks.Id, [], found);
        return found;
    }

    private static void Add(Snapshot snapshot, ObjectId? before, ObjectId tree, string[] path, List<ErasedFolder> found)
    {
        if (tree == before) return;
        var known = before is { } b ? snapshot.ReadTree(b).ToDictionary(entry => entry.Name, entry => entry.Id, StringComparer.Ordinal) : [];
        foreach (var entry in snapshot.ReadTree(tree))
        {
            ObjectId? was = known.TryGetValue(entry.Name, out var id) ? id : null;
            if (path.Length < FanOut && entry.IsTree && entry.Name.Length == 1) Add(snapshot, was, entry.Id, [.. path, entry.Name], found);
            else if (path.Length == FanOut && was is null && entry.Name.Length == 64 && entry.Name.All(char.IsAsciiHexDigitLower)) found.Add(new ErasedFolder(string.Join('/', path), Convert.FromHexString(entry.Name)));
        }
    }

    private static string PathOf(PasteId id) => $"{Folder}/{ParentOf(id)}/{Convert.ToHexStringLower(FolderOf(id).NameDigest.Span)}";

    private static string ParentOf(PasteId id) => id.Folder[..id.Folder.LastIndexOf('/')];
}
