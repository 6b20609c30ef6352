using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>A paste, or a new revision of one, made ready for a commit: named, described, hashed and compressed.</summary>
internal sealed class PasteDraft
{
    private const string Nobody = "anonymous";
    private const string Email = "anonymous@pasteur.invalid";

    private readonly PreparedFile[] _files;
    private readonly Signature _author;
    private readonly string? _comment;

    /// <summary>Of a commit that adds no revision.</summary>
    private string? Message { get; init; }

    /// <summary>When it ends; null when it stays.</summary>
    public DateTimeOffset? Expires { get; private init; }

    /// <summary>Where it belongs when it ends.</summary>
    public Bucket? Bucket { get; private init; }

    /// <summary>It goes before those do that end when it does.</summary>
    public bool Burns { get; private init; }

    private PasteDraft(NewPaste paste, PasteJson begun, DateTimeOffset now)
    {
        var shown = ShownNames.For(paste);
        var stored = StoredNames.For(shown);
        var description = begun with
        {
            Format = PasteJson.CurrentFormat,
            Author = CleanText.Line(paste.Author),
            Comment = CleanText.Lines(paste.Comment),
            Language = Languages.Find(paste.Language)?.Id,
            Files = [.. paste.Files.Select((file, i) => new PasteJsonFile(shown[i], stored[i], file.Content.Length, MediaTypes.Of(file.Content.Span)))],
            Envelope = paste.EnvelopeVersion is { } version ? new PasteJsonEnvelope(version) : null,
        };
        _files =
        [
            .. paste.Files.Select((file, i) => new PreparedFile(stored[i], PreparedBlob.Create(file.Content.Span))),
            new PreparedFile(StoredNames.Metadata, PreparedBlob.Create(description.ToUtf8())),
        ];
        _author = AuthorOf(description.Author, now);
        _comment = description.Comment;
        Revision = new PasteRevision(description.Revisions, "", description.Edited ?? description.Created, description.Author, description.Comment);
    }

    /// <summary>What is said of it, without its tree.</summary>
    public PasteRevision Revision { get; }

    /// <param name="owner">Whose it will be.</param>
    public static PasteDraft Of(NewPaste paste, OwnerToken owner, DateTimeOffset now) =>
        new(paste, new PasteJson { Created = Seconds(now), Expires = paste.Expires, OwnerTokenHash = owner.Hash(), Origin = paste.Origin, Reads = paste.Reads, ProofHash = paste.ProofHash }, now)
        {
            Expires = paste.Expires,
            Bucket = paste.Expires is { } expires ? Pastes.Bucket.Of(expires, now) : null,
            Burns = paste.Reads is not null,
        };

    /// <param name="current">What the new revision follows.</param>
    /// <param name="end">When it ends from now on; null: it stays.</param>
    public static PasteDraft OfEdit(Paste current, NewPaste paste, DateTimeOffset? end, DateTimeOffset now) => new(paste, Ending(current, end, now) with
    {
        // By when it was made, and by whom, a revision is known again after states of several servers were put in order.
        Edited = LaterThan(current.Revision.Made, now),
        Revisions = current.Revision.Number + 1,
        Earlier = ToJson(current.Earlier.Append(current.Revision)),
    }, now)
    { Expires = end };

    /// <summary>The same revision with another end.</summary>
    public static PasteDraft OfNewEnd(Paste current, DateTimeOffset? end, DateTimeOffset now)
    {
        return new(ContentOf(current), Ending(current, end, now) with
        {
            Edited = current.Edited,
            Revisions = current.Revision.Number,
            Earlier = current.Earlier.Count == 0 ? null : ToJson(current.Earlier),
        }, now)
        { Expires = end, Message = $"Set the end of {current.Code}" };
    }

    public static NewPaste ContentOf(Paste paste) => new()
    {
        Files = [.. paste.Files.Select(file => new NewFile(file.Name, file.Content))],
        Author = paste.Author,
        Comment = paste.Comment,
        Language = paste.Language,
        EnvelopeVersion = paste.EnvelopeVersion,
    };

    private static PasteJson Ending(Paste current, DateTimeOffset? end, DateTimeOffset now)
    {
        var isNew = end != current.Expires;
        return new PasteJson
        {
            Created = current.Created,
            Expires = end,
            // Each time later than the last, whatever clocks say: it decides between two places.
            EndSet = isNew ? LaterThan(current.EndSet, now) : current.EndSet,
            InHistory = isNew ? end is { } time && (current.InHistory || IsAfter(current.ShortLivedBranch, Pastes.Bucket.Of(time, now))) : current.InHistory,
            OwnerTokenHash = current.OwnerTokenHash,
            Origin = current.Origin,
        };
    }

    private static bool IsAfter(string? branch, Bucket bucket) => branch is null || !Pastes.Bucket.TryParse(branch, out var now) || now.End > bucket.End;

    private static PasteJsonRevision[] ToJson(IEnumerable<PasteRevision> revisions) =>
        [.. revisions.Select(revision => new PasteJsonRevision(revision.Tag, revision.Made, revision.Author, revision.Comment))];

    public static Signature AuthorOf(string? name, DateTimeOffset now) => new(GitName(name), Email, now);

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
            Message = Message ?? _comment ?? $"Paste {id}",
            MustBeAbsent = id.Folder,
        };
    }

    /// <summary>Files that it puts into a branch.</summary>
    public int FileCount => _files.Length;

    /// <summary>On top of exactly that revision, or not at all.</summary>
    public CommitRequest ToEdit(PasteId id, string branch, Paste current)
    {
        var there = current.Files.ToDictionary(file => file.StoredName, file => file.Tag);
        var gone = there.Keys.Except(_files.Select(file => file.StoredName)).Select(name => new TreeEdit($"{id.Folder}/{name}", null));
        var put = _files.Where(file => there.GetValueOrDefault(file.StoredName) != file.Blob.Id.ToString()).Select(file => new TreeEdit($"{id.Folder}/{file.StoredName}", file.Blob));
        return new CommitRequest
        {
            Branch = branch,
            Edits = [.. gone, .. put],
            Author = _author,
            Message = Message ?? _comment ?? $"Edit {id}",
            MustBe = StateOf(id, current),
        };
    }

    /// <summary>All of it but what the history keeps: for ever, or for as long as the branch stands whose pastes end.</summary>
    public static CommitRequest Deletion(PasteId id, string branch, Paste current, DateTimeOffset now) =>
        Removal(id, current.Home ?? branch, ObjectId.Parse(current.Tag), now) with { Message = $"Delete {id}" };

    /// <summary>What is left of one that is elsewhere now.</summary>
    /// <param name="folder">As it is there.</param>
    public static CommitRequest Removal(PasteId id, string branch, ObjectId folder, DateTimeOffset now) => new()
    {
        Branch = branch,
        Edits = [new TreeEdit(id.Folder, null)],
        Author = AuthorOf(null, now),
        Message = $"Move {id}",
        MustBe = new PathState(id.Folder, folder),
    };

    /// <summary>Whether it holds the very same files under the same names.</summary>
    public bool HasFilesOf(Paste current) =>
        _files.SkipLast(1).Select(file => (file.StoredName, file.Blob.Id.ToString())).SequenceEqual(current.Files.Select(file => (file.StoredName, file.Tag)));

    /// <summary>It was opened: of a paste that burns with this, nothing is left but that it was.</summary>
    public static CommitRequest Reading(PasteId id, Paste current, PasteJson description, DateTimeOffset now)
    {
        var isLast = Burning.Of(description) is { IsBurnt: true };
        var gone = isLast ? current.Files.Select(file => new TreeEdit($"{id.Folder}/{file.StoredName}", null)) : [];
        return new CommitRequest
        {
            Branch = current.ShortLivedBranch ?? throw new InvalidOperationException($"Paste {id} is on a branch that stays."),
            Edits = [.. gone, MetadataOf(id.Folder, description)],
            Author = AuthorOf(null, now),
            Message = $"Read {id}",
            MustBe = StateOf(id, current),
        };
    }

    /// <summary>Of pastes whose own branches are about to go: that they were there.</summary>
    public static CommitRequest Tombstones(string branch, IReadOnlyList<Tombstone> burnt, DateTimeOffset now) => new()
    {
        Branch = branch,
        Edits = [.. burnt.Select(paste => MetadataOf(paste.Folder, paste.Description))],
        Author = AuthorOf(null, now),
        Message = "Burnt",
    };

    private static TreeEdit MetadataOf(string folder, PasteJson description) => new($"{folder}/{StoredNames.Metadata}", PreparedBlob.Create(description.ToUtf8()));

    private static PathState StateOf(PasteId id, Paste current) => new(id.Folder, ObjectId.Parse(current.Tag));

    // Now, to the second; where something was said in that second already, or later by another clock, one second after that.
    private static DateTimeOffset LaterThan(DateTimeOffset? last, DateTimeOffset now) =>
        last is { } before && before >= Seconds(now) && before < DateTimeOffset.MaxValue.AddDays(-1) ? Seconds(before).AddSeconds(1) : Seconds(now);

    private static DateTimeOffset Seconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    /// <summary>Git delimits an e-mail with angle brackets: a name that is nothing else is no name.</summary>
    private static string GitName(string? author) =>
        author?.Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal).Trim() is { Length: > 0 } name ? name : Nobody;

    private sealed record PreparedFile(string StoredName, PreparedBlob Blob);
}
