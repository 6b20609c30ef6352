using System.Collections.Concurrent;
using Pasteur.Git.Commits;
using Pasteur.Git.History;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Git.Refs;
using Pasteur.Git.Upkeep;

namespace Pasteur.Git;

/// <summary>
/// A bare Git repository that commits at the speed of a log. Stock git can open its folder at any time. One program at a time may
/// write through this class; what other programs do to the folder meanwhile is noticed and kept.
/// </summary>
public sealed class Repository : IAsyncDisposable
{
    private const string Heads = "refs/heads/";
    private const string Closing = "The store is closing.";

    private readonly RepositoryOptions _options;
    private readonly RepositoryFolder _folder;
    private readonly CommitWriter _writer;
    private readonly StoreUpkeep _upkeep;
    private readonly PackUpkeep _packs;
    private readonly ConcurrentQueue<string> _fetched = new();
    private int _closed;

    private readonly IReadOnlyDictionary<string, IReadOnlyList<ObjectId>> _behindDamage;

    private Repository(RepositoryOptions options)
    {
        _options = options;
        _folder = new RepositoryFolder(options);
        var (refs, leftovers) = _folder.Recover();
        _writer = new CommitWriter(_folder.Store, _folder.Journals, options, refs, Seal) { Forgotten = _folder.Forgotten };
        _upkeep = new StoreUpkeep(_folder, refs, _writer, options);
        _packs = new PackUpkeep(_folder, _writer, options, () => _upkeep.SealedBytes > 0);
        foreach (var leftover in leftovers) _upkeep.Add(leftover);
        _behindDamage = refs.BehindDamage;
        _writer.Start();
    }

    /// <summary>The newest view; never waits.</summary>
    public Snapshot Current => _writer.Current;

    public StoreHealth Health => new(_folder.Problem ?? _writer.Problem, _writer.JournalBytes + _upkeep.SealedBytes, _folder.Store.PackCount, _folder.Store.ObjectCount, _writer.Queued)
    {
        Bytes = Bytes,
    };

    /// <summary>Bytes of packs and journals: what all that is kept takes.</summary>
    public long Bytes => _folder.Store.PackBytes + _writer.JournalBytes + _upkeep.SealedBytes;

    /// <summary>Opens a repository or creates it, and takes up what an earlier run has left.</summary>
    /// <exception cref="GitDataException">The folder is not a repository that can be used, or is damaged; the message says where.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public static async Task<Repository> OpenAsync(RepositoryOptions options, CancellationToken cancellationToken)
    {
        // Opening maps and reads files, and there is no asynchronous form of that.
        var repository = await Task.Run(() => new Repository(options), cancellationToken).ConfigureAwait(false);
        foreach (var (head, tips) in repository._behindDamage) await repository.SalvageAsync(head, tips).ConfigureAwait(false);
        foreach (var left in (string[])[WorkRef.Erasing, WorkRef.Merging])
            if (repository.Current.TryGetRef(left, out _)) await repository.MoveAsync(left, ObjectId.Zero, null, cancellationToken).ConfigureAwait(false);
        repository._upkeep.Start();
        repository._packs.Start();
        return repository;
    }

    /// <summary>Makes a commit on the tip of a branch; answered when it is durable. Once cancelled, it may yet be made.</summary>
    /// <exception cref="ArgumentException">The branch or a path is one that Git forbids.</exception>
    public async ValueTask<CommitOutcome> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        for (var misses = 0; ; misses++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_writer.Problem is { } problem) return new CommitOutcome.Unavailable(problem);
            var operation = new CommitOperation(request);
            if (!_writer.TryAdd(operation)) return _writer.IsClosed ? new CommitOutcome.Unavailable(Closing) : new CommitOutcome.Busy();
            try
            {
                return await operation.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (MissingObjectException e) when (misses < GitLimits.MaxMisses && Part is { } part)
            {
                // The writer does not wait for the remote.
                if (await part.FetchAsync(e.Id, cancellationToken).ConfigureAwait(false) is { } reason) return new CommitOutcome.Unavailable(reason);
            }
        }
    }

    /// <summary>Set while not all of the branch is here; null: it is.</summary>
    public Part? Part => _folder.Store.Part;

    /// <summary>From now on a branch is known by its commits, and the rest is fetched when it is asked for. For a store in memory.</summary>
    /// <param name="maxBytes">So much is kept of that.</param>
    public Part BeginPart(FetchPromised fetch, long maxBytes) => _folder.Store.Part = new Part(_folder.Store, maxBytes, fetch);

    /// <summary>All of the branch is here.</summary>
    public void EndPart() => _folder.Store.Part = null;

    /// <summary>Commits whose parents a shallow fetch has left on the remote.</summary>
    public IReadOnlySet<ObjectId> Shallow => _folder.Shallow.Commits;

    /// <summary>Whether all history is here. Commits of a shallow fetch count as whole again once their parents came.</summary>
    public bool IsWhole()
    {
        if (Part is not null) return false;
        var shallow = _folder.Shallow.Commits;
        if (shallow.Count > 0) _folder.Shallow.Replace(shallow.Where(id => _folder.Store.TryReadLinks(id, out var links) && !Array.TrueForAll(links.Parents, HasWhole)));
        return _folder.Shallow.Commits.Count == 0;
    }

    /// <summary>
    /// From before a remote is told what is here until what it sends is in a branch: meanwhile nothing is taken out of the packs, since the
    /// remote may leave out what it believes that we have.
    /// </summary>
    public IDisposable BeginFetch() => _folder.Fetches.Enter();

    /// <summary>
    /// Takes in a pack that a remote sends: checked as it arrives, indexed, durable. Its objects can be read when this returns; what makes
    /// them part of a branch is <see cref="IntegrateAsync"/>.
    /// </summary>
    /// <param name="shallow">All commits that are shallow from now on.</param>
    /// <param name="onCount">Told how many objects come, before they do.</param>
    /// <param name="isPart">Trees were left out of it (<see cref="BeginPart"/>).</param>
    /// <exception cref="GitDataException">The pack is damaged or hostile; nothing of it is kept.</exception>
    /// <exception cref="IOException">The stream or the disk failed.</exception>
    public async Task IngestAsync(Stream pack, IReadOnlyCollection<ObjectId> shallow, CancellationToken cancellationToken, Action<int>? onCount = null, bool isPart = false)
    {
        using var target = _folder.NewPack();
        var options = new PackIndexerOptions { FindBase = id => _folder.Store.TryRead(id, out var found) ? found : null, Reached = _options.FaultPoint, OnCount = onCount };
        var file = await new PackIndexer(target, options).IndexAsync(pack, cancellationToken).ConfigureAwait(false);
        if (file is not null) await CheckFetchedAsync(file, shallow, isPart, cancellationToken).ConfigureAwait(false);
        _folder.Shallow.Replace(shallow);
        if (file is null) return;
        _folder.Store.Add(file);
        if (_folder.IsOnDisk) _fetched.Enqueue(file.Name);
        if (file.Count >= GitLimits.ManyPackObjects) GiveBackMemory();
    }

    // Indexing took about 60 bytes an object, which the collector would keep for a use that does not come. Measured with 330,000: 10 ms.
    private static void GiveBackMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <summary>
    /// Brings a remote's tip, whose objects the store holds, into a branch: fast-forward, or ours on top. Remembered as
    /// <c>refs/remotes/origin/BRANCH</c>.
    /// </summary>
    public async ValueTask<IntegrateOutcome> IntegrateAsync(string branch, ObjectId remoteTip, RewindPolicy onRewind, CancellationToken cancellationToken)
    {
        CheckBranch(branch);
        var absorbs = AbsorbsOf(branch, remoteTip);
        var other = new OtherSide(branch, remoteTip, onRewind, _options.Time.GetUtcNow()) { SeenRef = RemoteRef(branch), Absorbs = absorbs };
        var prepared = await new SlicedReplay(_folder.Store, _writer, other).RunAsync(cancellationToken).ConfigureAwait(false);
        var operation = new IntegrateOperation(other, prepared);
        if (!_writer.TryAdd(operation, urgent: true)) return new IntegrateOutcome.Unavailable(Closing);
        var outcome = await operation.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        // Otherwise no ref reaches what was fetched yet.
        if (outcome is not (IntegrateOutcome.Unavailable or IntegrateOutcome.Rewound))
            while (_fetched.TryDequeue(out var pack)) _upkeep.AddKeep(pack);
        return outcome;
    }

    /// <summary>
    /// Makes the commit that merges an inbox into a branch; the branch moves when the remote has agreed and <see cref="IntegrateAsync"/> brings it in, with
    /// which the inbox ends here.
    /// </summary>
    /// <param name="onto">The remote's tip of the branch.</param>
    /// <returns>Null when the store takes no writes.</returns>
    public Task<MergedInbox?> MergeAsync(ObjectId onto, string inbox, Signature author, CancellationToken cancellationToken) =>
        Current.TryGetRef(Heads + inbox, out var tip)
            ? new SlicedMerge(_folder.Store, _writer, onto, tip) { Seen = Current.RemoteTip(inbox), Reached = _options.FaultPoint, Part = Part }.RunAsync(author, $"Merge {inbox}", cancellationToken)
            : Task.FromResult<MergedInbox?>(null);

    /// <summary>The commit up to which a branch has taken an inbox in, or null.</summary>
    /// <param name="tip">A commit of the branch.</param>
    public ObjectId? TakenIn(ObjectId tip, ObjectId inbox) => HasCommit(inbox) ? MergedInboxes.Find(_folder.Store, MergedInboxes.Of(_folder.Store, tip), inbox) : null;

    /// <summary>True when the remote's branch holds all of an inbox that has ended here.</summary>
    public bool IsLanded(Snapshot snapshot, string branch, string inbox)
    {
        if (snapshot.RemoteTip(branch) is not { } theirs || snapshot.MergedTip(inbox) is not { } upTo) return false;
        if (snapshot.TryGetRef(Heads + branch, out var ours) && ours == theirs) return true;
        return TakenIn(theirs, upTo) is { } taken && Ancestry.IsAncestor(_folder.Store, upTo, taken);
    }

    /// <summary>The same, and nothing is known to be on the remote's inbox that is not: it may be deleted there.</summary>
    public bool IsDone(Snapshot snapshot, string branch, string inbox) =>
        snapshot.RemoteTip(inbox) is { } seen && snapshot.MergedTip(inbox) is { } upTo && HasCommit(seen) && Ancestry.IsAncestor(_folder.Store, seen, upTo) && IsLanded(snapshot, branch, inbox);

    /// <summary>An inbox that the branch has taken in ends, though the remote's has gone on: what is new there is made again on the branch.</summary>
    /// <param name="tip">The remote's; null: it has not gone on.</param>
    /// <returns>False when the store takes no writes.</returns>
    public Task<bool> AbsorbAsync(string branch, string inbox, ObjectId taken, ObjectId? tip = null) => DoAsync(new AbsorbOperation(branch, inbox, taken, tip));

    /// <summary>The remote's inbox is gone, and all of it is in a branch: nothing of it is remembered.</summary>
    public Task<bool> ForgetInboxAsync(string inbox)
    {
        _writer.TryAdd(new RefOperation(RemoteRef(inbox), ObjectId.Zero), urgent: true);
        return DoAsync(new RefOperation(InboxRef.MergedOf(inbox), ObjectId.Zero));
    }

    private Task<bool> DoAsync(WriteOperation<bool> operation) => _writer.TryAdd(operation, urgent: true) ? operation.Completion : Task.FromResult(false);

    /// <summary>The remote has taken a push: remembers its tip, unless something newer is known of it.</summary>
    /// <param name="before">What it was before that push, zero for nothing; null: whatever it was.</param>
    /// <returns>False when the store takes no writes or does not hold the commit; the next fetch finds out again.</returns>
    public async ValueTask<bool> RecordRemoteAsync(string branch, ObjectId? before, ObjectId remoteTip, CancellationToken cancellationToken)
    {
        CheckBranch(branch);
        return HasCommit(remoteTip) && await MoveAsync(RemoteRef(branch), remoteTip, before, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="RecordRemoteAsync(string, ObjectId?, ObjectId, CancellationToken)"/>
    public ValueTask<bool> RecordRemoteAsync(string branch, ObjectId remoteTip, CancellationToken cancellationToken) => RecordRemoteAsync(branch, null, remoteTip, cancellationToken);

    /// <summary>The remote's branch is gone: nothing is known to be there.</summary>
    /// <returns>False when the store takes no writes.</returns>
    public ValueTask<bool> ForgetRemoteAsync(string branch, CancellationToken cancellationToken)
    {
        CheckBranch(branch);
        return MoveAsync(RemoteRef(branch), ObjectId.Zero, null, cancellationToken);
    }

    /// <summary>
    /// Makes the newest commit whose parents a shallow fetch has left out the beginning of the branch's history, since the remote lacks
    /// them too; what follows is made again on it.
    /// </summary>
    /// <returns>False when there is no such commit, or the store takes no writes.</returns>
    public async ValueTask<bool> DetachAsync(string branch, CancellationToken cancellationToken)
    {
        CheckBranch(branch);
        var operation = new DetachOperation("refs/heads/" + branch);
        return _writer.TryAdd(operation, urgent: true) && await operation.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes short-lived branches away (those under <c>until/</c>), and what is remembered of a remote's. What nothing else names goes from
    /// the packs within <see cref="RepositoryOptions.PurgeEvery"/> and the time that this takes.
    /// </summary>
    /// <returns>Null, or why the store takes no writes.</returns>
    /// <exception cref="ArgumentException">A branch is not short-lived.</exception>
    public async ValueTask<string?> DropAsync(IReadOnlyCollection<string> branches, CancellationToken cancellationToken)
    {
        if (branches.FirstOrDefault(branch => !branch.StartsWith(ShortLivedRef.Branches, StringComparison.Ordinal)) is { } lasting)
            throw new ArgumentException($"\"{lasting}\" is a branch that stays.", nameof(branches));
        cancellationToken.ThrowIfCancellationRequested();
        var operation = new DropOperation(branches);
        return _writer.TryAdd(operation, urgent: true) ? await operation.Completion.WaitAsync(cancellationToken).ConfigureAwait(false) : Closing;
    }

    /// <summary>Begins to take folders out of all history.</summary>
    public HistoryErasure Erase(EraseRequest request)
    {
        CheckBranch(request.Branch);
        return new HistoryErasure(_folder, _writer, request, _options.FaultPoint);
    }

    /// <summary>The whole of it, where nobody else must agree.</summary>
    public async Task<EraseOutcome> EraseAsync(EraseRequest request, CancellationToken cancellationToken)
    {
        var erasure = Erase(request);
        await using (erasure.ConfigureAwait(false))
        {
            if (await erasure.PrepareAsync(cancellationToken).ConfigureAwait(false) is { } problem) return new EraseOutcome.Unavailable(problem);
            if (request.Marks.Count > 0 && erasure.NotFound is [_, ..] unknown) return new EraseOutcome.Unknown(unknown);
            return await erasure.ApplyAsync(withMarks: true, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The remote's tip as it was last seen or accepted.</summary>
    public ObjectId? RemoteTip(string branch) => Current.RemoteTip(branch);

    /// <summary>
    /// What a remote lacks of a commit's history.
    /// </summary>
    /// <param name="remoteTip">What the remote has shown, its objects known here; null for a branch that it does not have.</param>
    /// <param name="maxCommits">The oldest so many; the plan says how far it goes.</param>
    public PushPlan PlanPush(ObjectId tip, ObjectId? remoteTip, int maxCommits) => PushPlan.Create(_folder.Store, tip, remoteTip, maxCommits);

    public bool IsAncestor(ObjectId ancestor, ObjectId descendant) => Ancestry.IsAncestor(_folder.Store, ancestor, descendant);

    /// <summary>True when the store can read the commit.</summary>
    public bool HasCommit(ObjectId id) => _folder.Store.TryReadCommit(id, out _);

    // Of what came before a part became whole, the commits are here alone.
    private bool HasWhole(ObjectId id) => _folder.Store.TryReadCommit(id, out var commit) && _folder.Store.TryRead(commit.Tree, out _);

    /// <summary>Commits that a branch holds and its remote does not.</summary>
    public int Backlog(string branch) =>
        Current.TryGetRef("refs/heads/" + branch, out var tip) ? Ancestry.Missing(_folder.Store, tip, RemoteTip(branch)).Count : 0;

    /// <summary>Answers what waits, turns the journal into a pack, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        await Task.Run(() =>
        {
            _packs.Dispose();
            _writer.Close();
            _upkeep.Stop();
            _writer.SealJournal();
            _upkeep.Dispose();
            _writer.Dispose();
        }).ConfigureAwait(false);
    }

    private async ValueTask<bool> MoveAsync(string name, ObjectId id, ObjectId? expected, CancellationToken cancellationToken)
    {
        var operation = new RefOperation(name, id, expected);
        return _writer.TryAdd(operation, urgent: true) && await operation.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckFetchedAsync(PackFile pack, IReadOnlyCollection<ObjectId> shallow, bool isPart, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => PackConnectivity.Check(pack, _folder.Store, shallow.ToHashSet(), isPart, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            pack.Dispose();
            _folder.Delete(pack);
            throw;
        }
    }

    // Of the inboxes that are here, those that another side's tip has taken in since it was last seen.
    private List<AbsorbOperation> AbsorbsOf(string branch, ObjectId tip)
    {
        var absorbs = new List<AbsorbOperation>();
        if (ShortLivedRef.IsHead(Heads + branch) || InboxRef.TryParse(branch, out _, out _)) return absorbs;
        var snapshot = Current;
        List<ObjectId>? merged = null;
        foreach (var (name, id) in snapshot.Refs)
        {
            if (!name.StartsWith(InboxRef.Heads, StringComparison.Ordinal) || name[Heads.Length..] is not { } inbox || !InboxRef.TryParse(inbox, out _, out _)) continue;
            merged ??= MergedInboxes.Of(_folder.Store, tip, snapshot.RemoteTip(branch));
            if (MergedInboxes.Find(_folder.Store, merged, id) is { } taken) absorbs.Add(new AbsorbOperation(branch, inbox, taken));
        }
        return absorbs;
    }

    // Before the upkeep starts, because that sets the damaged journal aside.
    private async Task SalvageAsync(string head, IReadOnlyList<ObjectId> tips)
    {
        var operation = new SalvageOperation(head, tips, _options.Time.GetUtcNow());
        if (!_writer.TryAdd(operation, urgent: true)) return;
        var (files, missing, fault) = await operation.Completion.ConfigureAwait(false);
        _options.OnEvent?.Invoke(new StoreEvent($"{head}: {files} files from behind a damaged stretch of a journal are recovered, {missing} trees or files could not be read. {fault}".TrimEnd(), Warning: true));
    }

    private static void CheckBranch(string branch)
    {
        if (!RefName.IsValidBranch(branch)) throw new ArgumentException($"\"{branch}\" is not the name of a branch.", nameof(branch));
    }

    internal static string RemoteRef(string branch) => "refs/remotes/origin/" + branch;

    private void Seal(SealedJournal journal) => _upkeep.Add(journal);
}
