using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// What the repository says of pastes that were erased (<see cref="PasteMarks.Erased"/>). Every server of a remote that finds such a mark takes that paste
/// out of all history that it has, and none makes the id again.
/// </summary>
internal static class Erasures
{
    public static EraseRequest Of(string branch, IReadOnlyCollection<PasteId> ids, DateTimeOffset now) => new(branch, [.. ids.Select(FolderOf)])
    {
        Author = PasteDraft.AuthorOf(null, now),
        Marks = [.. ids.Select(PasteMarks.Erased.Of)],
        Message = ids.Count == 1 ? "Erase a paste" : $"Erase {ids.Count} pastes",
    };

    public static ErasedFolder FolderOf(PasteId id) => ErasedFolder.Of(PasteMarks.ParentOf(id), id.ToString());

    public static bool IsOf(ErasedFolder folder, PasteId id) => FolderOf(id) is var own && own.Parent == folder.Parent && own.NameDigest.Span.SequenceEqual(folder.NameDigest.Span);

    public static bool IsErased(Snapshot snapshot, ObjectId tip, PasteId id) => PasteMarks.Erased.IsSet(snapshot, tip, id);

    /// <inheritdoc cref="PasteMarks.NewIn"/>
    public static IReadOnlyList<ErasedFolder> NewIn(Snapshot snapshot, ObjectId? known, ObjectId tip) => PasteMarks.Erased.NewIn(snapshot, known, tip);
}
