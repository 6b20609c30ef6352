using Pasteur.Git;

namespace Pasteur.Pastes;

/// <summary>A new paste made ready for a commit: named, described, hashed and compressed; all but its id.</summary>
internal sealed class PasteDraft
{
    private const string Nobody = "anonymous";
    private const string Email = "anonymous@pasteur.invalid";

    private readonly PreparedFile[] _files;
    private readonly Signature _author;
    private readonly string? _comment;

    private PasteDraft(PreparedFile[] files, Signature author, string? comment)
    {
        _files = files;
        _author = author;
        _comment = comment;
    }

    public static PasteDraft Of(NewPaste paste, DateTimeOffset now)
    {
        var shown = ShownNames.For(paste);
        var stored = StoredNames.For(shown);
        var author = CleanText.Line(paste.Author);
        var comment = CleanText.Lines(paste.Comment);
        var description = new PasteJson
        {
            Format = PasteJson.CurrentFormat,
            Created = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero),
            Author = author,
            Comment = comment,
            Language = Languages.Find(paste.Language)?.Id,
            Files = [.. paste.Files.Select((file, i) => new PasteJsonFile(shown[i], stored[i], file.Content.Length, MediaTypes.Of(file.Content.Span)))],
            Envelope = paste.EnvelopeVersion is { } version ? new PasteJsonEnvelope(version) : null,
        };
        PreparedFile[] files =
        [
            .. paste.Files.Select((file, i) => new PreparedFile(stored[i], PreparedBlob.Create(file.Content.Span))),
            new PreparedFile(StoredNames.Metadata, PreparedBlob.Create(description.ToUtf8())),
        ];
        return new PasteDraft(files, new Signature(GitName(author), Email, now), comment);
    }

    /// <param name="isFirst">Nothing in the repository says its format yet; this commit does.</param>
    public CommitRequest ToCommit(PasteId id, string branch, bool isFirst)
    {
        var edits = new List<TreeEdit>(_files.Length + 1);
        if (isFirst) edits.Add(new TreeEdit(RepositoryJson.Path, PreparedBlob.Create(RepositoryJson.CurrentUtf8)));
        foreach (var file in _files) edits.Add(new TreeEdit($"{id.Folder}/{file.StoredName}", file.Blob));
        return new CommitRequest
        {
            Branch = branch,
            Edits = edits,
            Author = _author,
            Message = _comment ?? $"Paste {id}",
            MustBeAbsent = id.Folder,
        };
    }

    /// <summary>Git delimits an e-mail with angle brackets: a name that is nothing else is no name.</summary>
    private static string GitName(string? author) =>
        author?.Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal).Trim() is { Length: > 0 } name ? name : Nobody;

    private sealed record PreparedFile(string StoredName, PreparedBlob Blob);
}
