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
    private readonly PasteOpening _opening;
    private readonly HotCache<string, Kept> _hot = new(Limits.HotPasteBytes);

    /// <summary>The branches that hold pastes: what an earlier one says of an id is what counts.</summary>
    private readonly IReadOnlyList<string> _branches;

    private readonly ShortLivedBranches _shortLived = new();
    private readonly PastePlaces _places;
    private readonly PasteMoves _moves;
    private readonly GonePastes _gone = new();

    private bool _hasFormat;

    private PasteStore(Repository repository, PasteStoreOptions options)
    {
        _repository = repository;
        _options = options;
        _branches = [options.Branch];
        _ids = new IdSpace(options.IdLength, options.Time);
        _places = new PastePlaces(options.Branch, _shortLived);
        _moves = new PasteMoves(repository, options, _places);
        _changes = new PasteChanges(repository, options, FindAnyAsync) { Moves = _moves };
        _opening = new PasteOpening(repository, options, FindAnyAsync, BurningPlaces);
    }

    /// <summary>Takes pastes out of the history; null where nobody does.</summary>
    public Eraser? Eraser => _options.Eraser;

    /// <summary>The clock that says when pastes end.</summary>
    public TimeProvider Time => _options.Time;

    /// <exception cref="UnknownFormatException">The repository was written by a newer program.</exception>
    public static PasteStore Open(Repository repository, PasteStoreOptions options)
    {
        var store = new PasteStore(repository, options);
        foreach (var commit in store.Tips(repository.Current)) RepositoryFormat.Check(repository.Current, commit);
        return store;
    }

    /// <summary>
    /// The paste with this code, for whoever asks; or null. Asks the remote once when it is unknown here. One that burns is not found so: it has
    /// to be opened.
    /// </summary>
    public async ValueTask<Paste?> FindAsync(string code, CancellationToken cancellationToken) =>
        await FindAnyAsync(code, cancellationToken).ConfigureAwait(false) is { Burns: null } paste ? paste : null;

    /// <summary>Also one that burns, unless it is burnt: nothing of its content is to be shown.</summary>
    public ValueTask<Paste?> FindAnyAsync(string code, CancellationToken cancellationToken)
    {
        var isId = PasteId.TryParse(code, out var id);
        if (!isId && !LegacyPaste.IsCode(code)) return ValueTask.FromResult<Paste?>(null);
        var path = isId ? id.Folder : code;
        if (_repository.Part is not null) return PromisedPastes.TryAsync(_repository, () => FindInPartAsync(code, path, cancellationToken), cancellationToken);
        var found = Find(code, path);
        return found is not null || _options.Refresh is null
            ? ValueTask.FromResult(IfAlive(found))
            : FindAfterRefreshAsync(code, path, cancellationToken);
    }

    /// <summary>The same of what is here, without asking the remote: also one that burns.</summary>
    public Paste? FindHere(string code)
    {
        var isId = PasteId.TryParse(code, out var id);
        return isId || LegacyPaste.IsCode(code) ? IfAlive(Find(code, isId ? id.Folder : code)) : null;
    }

    /// <summary>Whether the repository still holds exactly this. Costs a look-up in a dictionary while nothing is committed.</summary>
    public bool IsCurrent(Paste paste)
    {
        if (IsExpired(paste) || paste.Burns is not null) return false;
        try
        {
            return IsStill(paste);
        }
        catch (MissingObjectException)
        {
            // Whoever looks for it has it brought.
            return false;
        }
    }

    private bool IsStill(Paste paste)
    {
        if (_hot.TryGet(paste.Code, out var kept) && kept.Sequence == _repository.Current.Sequence) return kept.Paste.Tag == paste.Tag;
        var path = PasteId.TryParse(paste.Code, out var id) ? id.Folder : paste.Code;
        return Find(paste.Code, path)?.Tag == paste.Tag;
    }

    /// <summary>Opens a paste that burns, and answers once it is as durable as the site promises that it was opened.</summary>
    public ValueTask<OpenOutcome> OpenAsync(string code, string? proof, CancellationToken cancellationToken) => OrBring(() => _opening.OpenAsync(code, proof, cancellationToken), cancellationToken);

    /// <summary>What is known of a code that finds nothing.</summary>
    public PasteFate FateOf(string code)
    {
        if (!PasteId.TryParse(code, out var id)) return PasteFate.Unknown;
        if (Find(code, id.Folder) is { } paste) return IsExpired(paste) ? PasteFate.Ended : paste.Burns is not { } burns ? PasteFate.Unknown : burns.IsBurnt ? PasteFate.Read : PasteFate.Burns;
        return BurningPlaces(code).Exists(place => place.IsBurnt) ? PasteFate.Read : _gone.Contains(code) ? PasteFate.Ended : PasteFate.Unknown;
    }

    /// <summary>What a shared branch says of a paste that had a branch for itself, which may go then: null while it says nothing.</summary>
    /// <returns>Whether the remote has that too.</returns>
    public bool? IsTombstoneOnRemote(Snapshot snapshot, string code)
    {
        if (!PasteId.TryParse(code, out var id)) return null;
        try
        {
            if (_shortLived.FindShared(snapshot, code, id.Folder) is not var (_, branch)) return null;
            return snapshot.RemoteTip(branch) is { } tip && snapshot.Holds(tip) && snapshot.Find(tip, id.Folder) is { IsTree: true };
        }
        catch (GitDataException)
        {
            // What is damaged says nothing, and must not keep the others.
            return null;
        }
    }

    /// <summary>The branches whose pastes end.</summary>
    public IReadOnlyList<ShortLivedBranch> ShortLived(Snapshot snapshot) => _shortLived.Of(snapshot);

    /// <summary>
    /// Before a branch is taken away: what is left elsewhere of pastes that have ended on it goes first, or they would be back. False: that cannot be
    /// done now.
    /// </summary>
    public async ValueTask<bool> SettleAsync(Snapshot snapshot, ShortLivedBranch branch, CancellationToken cancellationToken)
    {
        try
        {
            // What is brought of a branch that is not here as a whole need not stay for long.
            string[] all = [.. GonePastes.In(snapshot, branch.Tip)];
            var most = snapshot.IsPart ? Limits.MaxPromisedAtOnce : Math.Max(1, all.Length);
            for (var done = 0; done == 0 || done < all.Length; done += most)
            {
                var codes = all[done..Math.Min(done + most, all.Length)];
                await PromisedPastes.BringAsync(_repository, _options.Branch, codes, cancellationToken).ConfigureAwait(false);
                if (!await OrBring(() => _moves.SettleAsync(snapshot, branch, codes, code => FindHere(code) is not null, cancellationToken), cancellationToken).ConfigureAwait(false)) return false;
            }
            return true;
        }
        catch (MissingObjectException)
        {
            return false;
        }
    }

    /// <summary>Takes away what was given another end at one server and deleted at another. False: that cannot be done now.</summary>
    public ValueTask<bool> DeleteMovedAsync(Snapshot snapshot, CancellationToken cancellationToken) => OrBring(() => _moves.DeleteMovedAsync(snapshot, cancellationToken), cancellationToken);

    /// <summary>This branch is about to be taken away: its pastes will not be found, and are not unknown either.</summary>
    public void RememberGone(Snapshot snapshot, ShortLivedBranch branch)
    {
        foreach (var code in GonePastes.In(snapshot, branch.Tip))
        {
            _gone.Add(code);
            _shortLived.Forget(code);
        }
    }

    /// <summary>Stores a paste under a new id and answers once it is as durable as the site promises.</summary>
    public ValueTask<CreateOutcome> CreateAsync(NewPaste paste, CancellationToken cancellationToken)
    {
        if (IsFull) return ValueTask.FromResult<CreateOutcome>(new CreateOutcome.Full());
        // Everything that reads the caller's buffers, or costs time, happens here, on the caller's thread.
        var token = OwnerToken.Draw();
        var draft = PasteDraft.Of(paste, token, _options.Time.GetUtcNow());
        return OrBring(() => CreateAsync(draft, token, cancellationToken), cancellationToken);
    }

    /// <summary>A new revision of a paste, by its owner.</summary>
    public ValueTask<ChangeOutcome> EditAsync(string code, PasteEdit edit, CancellationToken cancellationToken) =>
        IsFull ? ValueTask.FromResult<ChangeOutcome>(new ChangeOutcome.Full()) : OrBring(() => _changes.EditAsync(code, edit, cancellationToken), cancellationToken);

    /// <summary>Takes a paste off the site, by its owner. The history keeps it.</summary>
    public ValueTask<ChangeOutcome> DeleteAsync(string code, string? token, CancellationToken cancellationToken) => OrBring(() => _changes.DeleteAsync(code, token, cancellationToken), cancellationToken);

    /// <summary>The same by whoever runs the site, who needs no token.</summary>
    public ValueTask<ChangeOutcome> RemoveAsync(string code, CancellationToken cancellationToken) =>
        OrBring(() => _changes.DeleteAsync(code, null, cancellationToken, isAdministrator: true), cancellationToken);

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
        catch (Exception e) when (e is GitDataException or MissingObjectException)
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
            var id = PasteId.Draw(_repository.Part is { } part ? _ids.LengthFor(part) : _ids.LengthFor(snapshot, Tips(snapshot, withInboxes: true)));
            if (IsTaken(snapshot, id)) continue;
            if (draft.Bucket is not null && WhyNoneEnds(snapshot) is { } reason) return new CreateOutcome.NoneEnds(CleanText.Line(reason) ?? "no reason is known");
            // Each has a branch for itself, and git lists all of them at every fetch and push.
            if (draft.Burns && _shortLived.CountBurning(snapshot) >= _options.MaxUnread) return new CreateOutcome.TooManyUnread(_options.MaxUnread);
            var request = draft.Bucket is { } bucket
                ? draft.ToCommit(id, draft.Burns ? bucket.BurningBranchOf(id) : bucket.BranchOf(_options.Server), isFirst: false)
                : ToCommit(snapshot, id, draft);
            var outcome = await _repository.CommitAsync(request, cancellationToken).ConfigureAwait(false);
            switch (outcome)
            {
                case CommitOutcome.Committed committed:
                    _ids.Added(id);
                    if (draft.Bucket is null) _options.Inbox?.Added(request.Branch, draft.FileCount);
                    return await AfterCommitAsync(new CreateOutcome.Created(id, token) { Expires = draft.Expires }, request.Branch, committed, cancellationToken).ConfigureAwait(false);
                case CommitOutcome.Busy:
                    return new CreateOutcome.Busy();
                case CommitOutcome.Unavailable unavailable:
                    return new CreateOutcome.Unavailable(unavailable.Reason);
                // Or the inbox that took it has ended meanwhile.
                case CommitOutcome.PathTaken or CommitOutcome.PathChanged:
                    break;
                default:
                    throw new UnreachableException();
            }
        }
        return new CreateOutcome.Unavailable("no free id was found; start the site with a greater --length");
    }

    private CommitRequest ToCommit(Snapshot snapshot, PasteId id, PasteDraft draft)
    {
        var inbox = _options.Inbox?.Target;
        var request = draft.ToCommit(id, inbox ?? _options.Branch, isFirst: !HasFormat(snapshot));
        return inbox is null ? request : request with { IsNotFirst = true };
    }

    private async ValueTask<CreateOutcome> AfterCommitAsync(CreateOutcome.Created created, string branch, CommitOutcome.Committed committed, CancellationToken cancellationToken)
    {
        if (_options.Awaiting(branch) is not { } awaitRemote) return created;
        var doubt = await awaitRemote(committed, cancellationToken).ConfigureAwait(false);
        return doubt is null ? created : new CreateOutcome.Undecided(created.Id, created.Token, CleanText.Line(doubt) ?? "no reason is known");
    }

    private async ValueTask<Paste?> FindAfterRefreshAsync(string code, string path, CancellationToken cancellationToken)
    {
        await _options.Refresh!(cancellationToken).ConfigureAwait(false);
        return IfAlive(Find(code, path) ?? Unknown());
    }

    // Of a remote that nothing is known of yet, it can't be said.
    private Paste? Unknown() => _options.HasRemoteAnswered() ? null : throw new MissingObjectException(ObjectId.Zero, "it has not answered yet");

    private async ValueTask<Paste?> FindInPartAsync(string code, string path, CancellationToken cancellationToken)
    {
        for (var hasAsked = false; ; hasAsked = true)
        {
            var snapshot = _repository.Current;
            var isHere = _hot.TryGet(code, out var kept) ? kept.Sequence == snapshot.Sequence : _shortLived.FindInInboxes(snapshot, path).Count > 0;
            if (!isHere) await PromisedPastes.BringAsync(_repository, _options.Branch, [code], cancellationToken).ConfigureAwait(false);
            if (Find(code, path) is { } found) return IfAlive(found);
            if (hasAsked || _options.Refresh is not { } refresh) return Unknown();
            await refresh(cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask<TOutcome> OrBring<TOutcome>(Func<ValueTask<TOutcome>> step, CancellationToken cancellationToken) =>
        _repository.Part is null ? step() : PromisedPastes.TryAsync(_repository, step, cancellationToken);

    private Paste? IfAlive(Paste? paste) => paste is null || IsExpired(paste) || paste.Burns is { IsBurnt: true } ? null : paste;

    /// <summary>All that the branches say of a code that is one of a paste that burns: its own, and the shared ones where its own is going.</summary>
    private List<Burning> BurningPlaces(string code)
    {
        var places = new List<Burning>(2);
        if (!PasteId.TryParse(code, out var id)) return places;
        var snapshot = _repository.Current;
        if (_shortLived.FindShared(snapshot, code, id.Folder) is var (shared, _)) Add(shared);
        if (_shortLived.FindBurning(snapshot, code, id.Folder) is var (own, _)) Add(own);
        return places;

        void Add(TreeEntry folder)
        {
            if (Burning.Of(PasteReader.Describe(snapshot, folder.Id)) is { } burning) places.Add(burning);
        }
    }

    private bool IsExpired(Paste paste) => paste.Expires is { } end && end <= _options.Time.GetUtcNow();

    private Paste? Find(string code, string path)
    {
        var snapshot = _repository.Current;
        var isKept = _hot.TryGet(code, out var kept);
        if (isKept && kept.Sequence == snapshot.Sequence) return kept.Paste;

        if (_places.Find(snapshot, code, path, isKept ? kept.Paste.Home : null) is not { Entry: var entry, Branch: var branch }) return null;
        // Whoever has pushed it once more may not know.
        if (PasteId.TryParse(code, out var id) && IsErased(snapshot, id)) return null;
        if (isKept && kept.Tree == entry.Id && kept.Paste.Home == branch)
        {
            if (kept.Paste.EndSet is not null && _places.IsDeleted(snapshot, id)) return null;
            kept.Sequence = snapshot.Sequence;
            return kept.Paste;
        }
        var paste = entry.IsTree ? PasteReader.Read(snapshot, code, entry.Id) : LegacyPaste.Read(snapshot, code, entry.Id);
        // It was moved; another server may have deleted it where it was before.
        if (paste?.EndSet is not null && _places.IsDeleted(snapshot, id)) return null;
        if (paste is not null && branch is not null) paste = branch.StartsWith(Bucket.Prefix, StringComparison.Ordinal) ? EndingWith(branch, paste) : paste with { Inbox = branch };
        if (paste is not null) _hot.Put(code, new Kept(paste, entry.Id, snapshot.Sequence), paste.Size + Limits.HotPasteOverheadBytes);
        return paste;
    }

    /// <summary>What it says of its end counts, but it ends with its branch.</summary>
    private static Paste EndingWith(string branch, Paste paste) => paste with
    {
        ShortLivedBranch = branch,
        Expires = Bucket.TryParse(branch, out var bucket) && !(paste.Expires < bucket.End) ? bucket.End : paste.Expires,
    };

    private string? WhyNoneEnds(Snapshot snapshot) => PastePlaces.WhyNoneEnds(snapshot) ?? _options.RefusesEnding?.Invoke();

    private bool HasFormat(Snapshot snapshot) =>
        _hasFormat || (_hasFormat = Tips(snapshot).Any(tip => RepositoryFormat.IsWritten(snapshot, tip)));

    private bool IsTaken(Snapshot snapshot, PasteId id) =>
        id.Length <= Limits.LongestCrowdedIdLength && (_places.Find(snapshot, id.ToString(), id.Folder) is not null || IsErased(snapshot, id) || _places.IsDeleted(snapshot, id));

    private bool IsErased(Snapshot snapshot, PasteId id) => Tips(snapshot).Any(tip => Erasures.IsErased(snapshot, tip, id));

    private IEnumerable<ObjectId> Tips(Snapshot snapshot, bool withInboxes = false)
    {
        foreach (var branch in _branches)
        {
            if (snapshot.TryGetRef($"refs/heads/{branch}", out var tip)) yield return tip;
        }
        if (!withInboxes) yield break;
        foreach (var inbox in _shortLived.Inboxes(snapshot)) yield return inbox.Tip;
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
