using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// Reads a paste's folder. Anybody who may push could have written it, so paste.json is a description that is checked against the
/// folder: files that it names and that are not there are left out, files that it doesn't name are shown under their own names.
/// </summary>
internal static class PasteReader
{
    /// <summary>Null when the folder holds no file.</summary>
    public static Paste? Read(Snapshot snapshot, string code, ObjectId folder)
    {
        PasteJson? description = null;
        var blobs = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var entry in snapshot.ReadTree(folder))
        {
            if (!entry.IsRegularFile()) continue;
            if (entry.Name == StoredNames.Metadata) description = PasteJson.Parse(snapshot.ReadBlob(entry.Id));
            // Whoever pushes may name two files so that they look alike here: bytes that are no UTF-8.
            else if (blobs.Count < Limits.MaxFilesPerPaste) blobs.TryAdd(entry.Name, entry.Id);
        }
        var files = ReadFiles(snapshot, description, blobs);
        if (files.Count == 0) return null;
        return new Paste
        {
            Code = code,
            Tag = folder.ToString(),
            Created = description?.Created,
            Author = CleanText.Line(description?.Author),
            Comment = CleanText.Lines(description?.Comment),
            Language = Languages.Find(description?.Language)?.Id,
            OwnerTokenHash = description?.OwnerTokenHash,
            Origin = PasteId.TryParse(description?.Origin, out var origin) || LegacyPaste.IsCode(description?.Origin ?? "") ? description!.Origin : null,
            Expires = description?.Expires?.ToUniversalTime(),
            EndSet = description?.EndSet?.ToUniversalTime(),
            InHistory = description?.InHistory == true,
            Burns = Burning.Of(description),
            Edited = description?.Edited,
            Earlier = ReadRevisions(description?.Earlier ?? []),
            Files = files,
        };
    }

    /// <summary>What a folder says of itself, also when it holds no file; null when that is nothing.</summary>
    public static PasteJson? Describe(Snapshot snapshot, ObjectId folder)
    {
        var metadata = snapshot.ReadTree(folder).FirstOrDefault(entry => entry.Name == StoredNames.Metadata);
        return metadata.Name is null || !metadata.IsRegularFile() ? null : PasteJson.Parse(snapshot.ReadBlob(metadata.Id));
    }

    private static PasteRevision[] ReadRevisions(IReadOnlyList<PasteJsonRevision> earlier) =>
        [.. earlier.Where(revision => ObjectId.TryParse(revision?.Tree, out _)).Take(Limits.MaxRevisions - 1).Select((revision, index) =>
            new PasteRevision(index + 1, revision.Tree!, revision.Made, CleanText.Line(revision.Author), CleanText.Lines(revision.Comment)))];

    private static List<PasteFile> ReadFiles(Snapshot snapshot, PasteJson? description, Dictionary<string, ObjectId> blobs)
    {
        var files = new List<PasteFile>(blobs.Count);
        foreach (var (shown, stored) in Order(description, blobs))
        {
            if (!blobs.Remove(stored, out var blob)) continue;
            files.Add(new PasteFile(shown, stored, blob.ToString(), snapshot.ReadBlob(blob)));
        }
        return files;
    }

    /// <summary>Shown and stored names: first as described, then what is left, by name.</summary>
    private static IEnumerable<(string Shown, string Stored)> Order(PasteJson? description, Dictionary<string, ObjectId> blobs)
    {
        var shownNames = new HashSet<string>(StringComparer.Ordinal);
        var described = (description?.Files ?? []).Where(file => file?.Stored is not null).Select(file => (Shown: file.Name, Stored: file.Stored!));
        var rest = blobs.Keys.Order(StringComparer.Ordinal).Select(name => (Shown: (string?)name, Stored: name));
        foreach (var (shown, stored) in described.Concat(rest).DistinctBy(pair => pair.Stored))
            yield return (ShownNames.Unique(ShownNames.Clean(shown) ?? ShownNames.Clean(stored) ?? "paste.txt", shownNames), stored);
    }
}
