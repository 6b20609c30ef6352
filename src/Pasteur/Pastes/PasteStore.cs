using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// The pastes of a repository: finds them by their code in an ordered list of trees, and adds new ones, a commit each. It keeps the
/// hot ones at hand and knows, without reading it again, whether one is still what the repository holds.
/// </summary>
internal sealed class PasteStore
{
    private readonly Repository _repository;
    private readonly PasteStoreOptions _options;
    private readonly IdSpace _ids;
    private readonly PasteChanges _changes;
    private readonly HotCache<string, Kept> _hot = new(Limits.HotPasteBytes);

    /// <summary>The branches that hold pastes: what an earlier one says of an id is what counts.</summary>
    private readonly IReadOnlyList<string> _branches;

    private bool _hasFormat;

    private PasteStore(Repository repository, PasteStoreOptions options)
    {
        _repository = repository;
        _options = options;
        _branches = [options.Branch];
        _ids = new IdSpace(options.IdLength, options.Time);
        _changes = new PasteChanges(repository, options, FindAsync);
    }

    /// <exception cref="UnknownFormatException">The repository was written by a newer program.</exception>
    public static PasteStore Open(Repository repository, PasteStoreOptions options)
    {
        var store = new PasteStore(repository, options);
        foreach (var commit in store.Tips(repository.Current)) RepositoryFormat.Check(repository.Current, commit);
        return store;
    }

    /// <summary>The paste with this code, or null. Asks the remote once when it is unknown here.</summary>
    public ValueTask<Paste?> FindAsync(string code, CancellationToken cancellationToken)
    {
        var isId = PasteId.TryParse(code, out var id);
        if (!isId && !LegacyPaste.IsCode(code)) return ValueTask.FromResult<Paste?>(null);
        var path = isId ? id.Folder : code;
        var found = Find(code, path);
        return found is not null || _options.Refresh is null
            ? ValueTask.FromResult(found)
            : FindAfterRefreshAsync(code, path, cancellationToken);
    }

    /// <summary>Whether the repository still holds exactly this. Costs a look-up in a dictionary while nothing is committed.</summary>
    public bool IsCurrent(Paste paste)
    {
        if (_hot.TryGet(paste.Code, out var kept) && kept.Sequence == _repository.Current.Sequence) return kept.Paste.Tag == paste.Tag;
        var path = PasteId.TryParse(paste.Code, out var id) ? id.Folder : paste.Code;
        return Find(paste.Code, path)?.Tag == paste.Tag;
    }

    /// <summary>Stores a paste under a new id and answers once it is as durable as the site promises.</summary>
    public ValueTask<CreateOutcome> CreateAsync(NewPaste paste, CancellationToken cancellationToken)
    {
        if (IsFull) return ValueTask.FromResult<CreateOutcome>(new CreateOutcome.Full());
        // Everything that reads the caller's buffers, or costs time, happens here, on the caller's thread.
        var token = OwnerToken.Draw();
        return CreateAsync(PasteDraft.Of(paste, token, _options.Time.GetUtcNow()), token, cancellationToken);
    }

    /// <summary>A new revision of a paste, by its owner.</summary>
    public ValueTask<ChangeOutcome> EditAsync(string code, PasteEdit edit, CancellationToken cancellationToken) =>
        IsFull ? ValueTask.FromResult<ChangeOutcome>(new ChangeOutcome.Full()) : _changes.EditAsync(code, edit, cancellationToken);

    /// <summary>Takes a paste off the site, by its owner. The history keeps it.</summary>
    public ValueTask<ChangeOutcome> DeleteAsync(string code, string? token, CancellationToken cancellationToken) => _changes.DeleteAsync(code, token, cancellationToken);

    /// <summary>The same by whoever runs the site, who needs no token.</summary>
    public ValueTask<ChangeOutcome> RemoveAsync(string code, CancellationToken cancellationToken) => _changes.DeleteAsync(code, null, cancellationToken, isAdministrator: true);

    /// <summary>Whether the files of an earlier revision are here: a store without a disk fetches no history.</summary>
    public bool HasRevision(PasteRevision revision) => _repository.Current.Holds(ObjectId.Parse(revision.Tag));

    /// <summary>
    /// A paste as it was at one of its revisions: null when it has no such one, or when the history that holds its files is not here.
    /// </summary>
    public Paste? AtRevision(Paste paste, int number)
    {
        if (number == paste.Revision.Number) return paste with { Newest = paste };
        if (number < 1 || number > paste.Earlier.Count) return null;
        var tree = ObjectId.Parse(paste.Earlier[number - 1].Tag);
        var snapshot = _repository.Current;
        try
        {
            return snapshot.Holds(tree) && PasteReader.Read(snapshot, paste.Code, tree) is { } earlier ? earlier with { Newest = paste } : null;
        }
        catch (GitDataException)
        {
            // Whoever may push can write any name into a paste's list.
            return null;
        }
    }

    private bool IsFull => _options.MaxTotalBytes is { } most && _repository.Bytes >= most;

    private async ValueTask<CreateOutcome> CreateAsync(PasteDraft draft, OwnerToken token, CancellationToken cancellationToken)
    {
        for (var draws = 0; draws < Limits.MaxIdDraws; draws++)
        {
            var snapshot = _repository.Current;
            var id = PasteId.Draw(_ids.LengthFor(snapshot, Tips(snapshot)));
            if (IsTaken(snapshot, id)) continue;
            var request = draft.ToCommit(id, _options.Branch, isFirst: !HasFormat(snapshot));
            var outcome = await _repository.CommitAsync(request, cancellationToken).ConfigureAwait(false);
            switch (outcome)
            {
                case CommitOutcome.Committed committed:
                    _ids.Added(id);
                    return await AfterCommitAsync(id, token, committed, cancellationToken).ConfigureAwait(false);
                case CommitOutcome.Busy:
                    return new CreateOutcome.Busy();
                case CommitOutcome.Unavailable unavailable:
                    return new CreateOutcome.Unavailable(unavailable.Reason);
                case CommitOutcome.PathTaken:
                    break;
                default:
                    throw new UnreachableException();
            }
        }
        return new CreateOutcome.Unavailable("no free id was found; start the site with a greater --length");
    }

    private async ValueTask<CreateOutcome> AfterCommitAsync(PasteId id, OwnerToken token, CommitOutcome.Committed committed, CancellationToken cancellationToken)
    {
        if (_options.AwaitRemote is null) return new CreateOutcome.Created(id, token);
        var doubt = await _options.AwaitRemote(committed, cancellationToken).ConfigureAwait(false);
        return doubt is null ? new CreateOutcome.Created(id, token) : new CreateOutcome.Undecided(id, token, CleanText.Line(doubt) ?? "no reason is known");
    }

    private async ValueTask<Paste?> FindAfterRefreshAsync(string code, string path, CancellationToken cancellationToken)
    {
        await _options.Refresh!(cancellationToken).ConfigureAwait(false);
        return Find(code, path);
    }

    private Paste? Find(string code, string path)
    {
        var snapshot = _repository.Current;
        var isKept = _hot.TryGet(code, out var kept);
        if (isKept && kept.Sequence == snapshot.Sequence) return kept.Paste;

        if (Locate(snapshot, code, path) is not { } entry) return null;
        if (isKept && kept.Tree == entry.Id)
        {
            kept.Sequence = snapshot.Sequence;
            return kept.Paste;
        }
        var paste = entry.IsTree ? PasteReader.Read(snapshot, code, entry.Id) : LegacyPaste.Read(snapshot, code, entry.Id);
        if (paste is not null) _hot.Put(code, new Kept(paste, entry.Id, snapshot.Sequence), paste.Size + Limits.HotPasteOverheadBytes);
        return paste;
    }

    /// <summary>The paste's folder, or the root file that the OCaml Pasteur made.</summary>
    private TreeEntry? Locate(Snapshot snapshot, string code, string path)
    {
        foreach (var tip in Tips(snapshot))
        {
            if (path.Length > code.Length && snapshot.Find(tip, path) is { IsTree: true } folder) return folder;
            if (snapshot.Find(tip, code) is { } file && file.IsRegularFile()) return file;
        }
        return null;
    }

    private bool HasFormat(Snapshot snapshot) =>
        _hasFormat || (_hasFormat = Tips(snapshot).Any(tip => RepositoryFormat.IsWritten(snapshot, tip)));

    private bool IsTaken(Snapshot snapshot, PasteId id) =>
        id.Length <= Limits.LongestCrowdedIdLength && Locate(snapshot, id.ToString(), id.Folder) is not null;

    private IEnumerable<ObjectId> Tips(Snapshot snapshot)
    {
        foreach (var branch in _branches)
        {
            if (snapshot.TryGetRef($"refs/heads/{branch}", out var tip)) yield return tip;
        }
    }

    private sealed class Kept(Paste paste, ObjectId tree, long sequence)
    {
        private long _sequence = sequence;

        public Paste Paste { get; } = paste;

        public ObjectId Tree { get; } = tree;

        /// <summary>The newest snapshot that was seen to hold the paste unchanged.</summary>
        public long Sequence
        {
            get => Volatile.Read(ref _sequence);
            set => Volatile.Write(ref _sequence, value);
        }
    }
}
