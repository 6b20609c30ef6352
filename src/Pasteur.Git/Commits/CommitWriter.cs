using System.Collections.Immutable;
using Pasteur.Git.Forgetting;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Commits;

/// <summary>
/// The one writer. It takes what waits in the queue, builds trees and commits, appends them to the journal with one sync, publishes
/// the new snapshot, and only then answers. A thread of its own, because a sync blocks.
/// </summary>
internal sealed class CommitWriter : IDisposable
{
    private const int QueueCapacity = 4096;
    private const int BatchOperations = 512;
    private const int BatchBytes = 8 << 20;
    private const int CachedTreeBytes = 1 << 20;

    // There are 33,000 folders of folders in a large store: half a byte for each object that it holds (twice that while two generations are full), so that a small one takes no memory for them.
    private const int LeastInnerTreeBytes = 2 << 20, MostInnerTreeBytes = 48 << 20;

    private readonly ObjectStore _store;
    private readonly JournalFolder _folder;
    private readonly RepositoryOptions _options;
    private readonly Action<SealedJournal> _onSealed;
    private readonly WriterQueue _queue = new(QueueCapacity, BatchOperations);
    private readonly EntryBuffer _buffer = new(1 << 20);
    private readonly TreeCache _trees;
    private readonly FolderReadAhead _readAhead;
    private readonly Batch _batch;
    private readonly Thread _thread;
    private readonly List<WriteOperation> _taken = [];
    private readonly Dictionary<string, ObjectId> _onDisk;
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);
    private Journal? _journal;
    private Journal? _spare;
    private volatile Snapshot _current;
    private volatile string? _problem;
    private volatile bool _broken;
    private bool _isLarge;
    private long _lastWrite;
    private long _lastJournal;

    public CommitWriter(ObjectStore store, JournalFolder folder, RepositoryOptions options, RefsAtStart refs, Action<SealedJournal> onSealed)
    {
        _store = store;
        _folder = folder;
        _options = options;
        _onSealed = onSealed;
        _trees = new TreeCache(CachedTreeBytes);
        _readAhead = new FolderReadAhead(store, _trees);
        _batch = new Batch(store, _trees, _buffer, Spill) { Folders = options.Folders };
        _onDisk = new Dictionary<string, ObjectId>(refs.OnDisk, StringComparer.Ordinal);
        _current = new Snapshot(store, refs.Current, refs.Sequence);
        _thread = new Thread(Run) { Name = "commit writer", IsBackground = true };
    }

    /// <summary>Told what a batch forgets before it is durable that it does.</summary>
    public ForgottenFile Forgotten { get; init; } = new(null);

    public Snapshot Current => _current;

    /// <summary>Why no writes are taken, or null.</summary>
    public string? Problem => _problem;

    public int Queued => _queue.Count;

    public bool IsClosed => _queue.IsClosed;

    public long JournalBytes => _journal is { } journal ? journal.Tail : 0;

    /// <summary>When the last batch was written, in the ticks of <see cref="RepositoryOptions.Time"/>.</summary>
    public long LastWrite => Volatile.Read(ref _lastWrite);

    public bool HasUnrolled => _journal is { IsEmpty: false };

    public void Start() => _thread.Start();

    /// <summary>False when the queue is full or closed. <paramref name="urgent"/> operations are few and the program's own.</summary>
    public bool TryAdd(WriteOperation operation, bool urgent = false) => _queue.TryAdd(operation, urgent);

    /// <summary>Prepares the next journal once this one is half full, so that the writer need not wait for its space to be reserved.</summary>
    public void PrepareSpare()
    {
        if (_problem is null && JournalBytes > _options.JournalBytes / 2) _spare ??= _folder.Create();
    }

    /// <summary>Writes what waits and ends the thread. Then the one who closes is the writer.</summary>
    public void Close()
    {
        _queue.Close();
        if (_thread.ThreadState != ThreadState.Unstarted) _thread.Join();
    }

    /// <summary>After <see cref="Close"/>, when the journal is sealed and nobody prepares a spare one any more.</summary>
    public void Dispose()
    {
        if (_journal is { } unused) Discard(unused);
        if (_spare is { } spare) Discard(spare);
        _queue.Dispose();
    }

    /// <summary>What a ref is on the disk now. Also called by the upkeep when the queue is closed, while the writer finishes.</summary>
    internal void OnDisk(string name, ObjectId id)
    {
        lock (_onDisk)
        {
            if (id.IsZero)
            {
                _onDisk.Remove(name);
                _removed.Remove(name);
            }
            else
            {
                _onDisk[name] = id;
            }
        }
    }

    /// <summary>Writer only: ends the present journal and hands it to the roll.</summary>
    internal void SealJournal()
    {
        if (_journal is not { IsEmpty: false } journal) return;
        _journal = null;
        _onSealed(new SealedJournal(journal, DirtyRefs(_current.Refs, []), _current.Sequence));
    }

    /// <summary>A full disk may have room again: tries a new journal. An fsync that failed is never forgiven, the bytes are in doubt.</summary>
    internal void TryRecover()
    {
        if (_problem is null || _broken) return;
        try
        {
            _spare ??= _folder.Create();
            _problem = null;
            _options.OnEvent?.Invoke(new StoreEvent("The disk takes writes again.", Warning: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problem = e.Message;
        }
    }

    private void Run()
    {
        while (_queue.Take(_taken))
        {
            WriteTaken();
            _taken.Clear();
        }
    }

    private void WriteTaken()
    {
        var done = 0;
        while (done < _taken.Count)
        {
            var from = done;
            try
            {
                if (_problem is { } problem) throw new IOException(problem);
                _journal ??= TakeJournal();
                _batch.Begin(_journal, _current.Refs);
                ReadAhead(done);
                for (; done < _taken.Count && _batch.Bytes < BatchBytes; done++) ApplyOne(done);
                Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Stop(e);
                for (done = from; done < _taken.Count; done++) _taken[done].Fail(e.Message);
                return;
            }
            for (var i = from; i < done; i++) _taken[i].Complete(_current.Sequence);
            if (_journal is { } journal && journal.Tail >= _options.JournalBytes) SealJournal();
        }
    }

    // Of one operation alone there is nothing to read at once.
    private void ReadAhead(int from)
    {
        if (!_isLarge || _taken.Count - from < 2) return;
        try
        {
            _readAhead.Read(_taken.Skip(from), _current.Refs, _batch.TreeOf);
        }
        catch (Exception e) when (e is GitDataException or MissingObjectException)
        {
            // Whoever needs it will meet it again, and is told.
        }
    }

    // One request over damaged data must not take its neighbours with it.
    private void ApplyOne(int index)
    {
        var refs = _batch.Refs;
        try
        {
            _taken[index].Apply(_batch);
        }
        catch (MissingObjectException e)
        {
            _batch.RestoreRefs(refs);
            _taken[index].Lack(e);
            _taken[index] = WriterCall.Answered;
        }
        catch (GitDataException e)
        {
            _options.OnEvent?.Invoke(new StoreEvent(e.Message, Warning: true));
            _batch.RestoreRefs(refs);
            _taken[index].Fail(e.Message);
            _taken[index] = WriterCall.Answered;
        }
    }

    private Journal TakeJournal()
    {
        var spare = Interlocked.Exchange(ref _spare, null);
        if (spare is not null && spare.Number < _lastJournal)
        {
            // Its space took longer than the journal before it lasted; recovery reads journals by their numbers.
            Discard(spare);
            spare = null;
        }
        var journal = spare ?? _folder.Create();
        _lastJournal = journal.Number;
        var objects = _store.ObjectCount;
        _isLarge = objects >= _options.ReadAheadFrom;
        _trees.InnerBytes = (int)Math.Clamp(objects / 2, LeastInnerTreeBytes, MostInnerTreeBytes);
        return journal;
    }

    private void Flush()
    {
        if (!_batch.RefsChanged)
        {
            if (_batch.Bytes > 0) _batch.Abandon();
            return;
        }
        var sequence = _current.Sequence + 1;
        var journal = _journal!;
        var forgets = _batch.Forgotten.Count + _batch.ForgottenObjects.Count > 0;
        using (Forgotten.Hold(_batch.Forgotten, _batch.ForgottenObjects))
        {
            if (forgets) _options.FaultPoint?.Invoke("forget.listed");
            if (journal.Path is not null) WriteRecord(journal, sequence);
            Append(journal, endsBatch: true);
            if (forgets) _options.FaultPoint?.Invoke("forget.dropped");
            if (journal.Path is not null)
                lock (_onDisk) _removed.UnionWith(_batch.Removed);
            _current = new Snapshot(_store, _batch.Refs, sequence);
        }
        Volatile.Write(ref _lastWrite, _options.Time.GetTimestamp());
    }

    // Also when every ref is back at what stands on the disk: an older record would say otherwise.
    private void WriteRecord(Journal journal, long sequence)
    {
        var target = _batch.LastingCommit();
        var record = new RefRecord(target, journal.SealBatch(_buffer.Written), sequence, DirtyRefs(_batch.Refs, _batch.Removed)).Write();
        _batch.WriteWhole(ObjectKind.Tag, ObjectHasher.Hash(ObjectKind.Tag, record), record);
    }

    private void Spill()
    {
        Append(_journal!, endsBatch: false);
        _batch.Clear();
    }

    private void Append(Journal journal, bool endsBatch)
    {
        _options.FaultPoint?.Invoke("journal.append");
        var wasEmpty = journal.IsEmpty;
        journal.Append(_buffer.Written, endsBatch);
        foreach (var (id, offset) in _batch.Added) journal.Index.Add(id, offset);
        if (wasEmpty) _store.Add(journal);
        _options.FaultPoint?.Invoke("journal.appended");
    }

    // A ref that was taken away is named until the upkeep has seen it gone from the disk: it may be there by a roll that is still under way.
    private ImmutableArray<RefState> DirtyRefs(ImmutableDictionary<string, ObjectId> refs, IReadOnlyCollection<string> removed)
    {
        var dirty = ImmutableArray.CreateBuilder<RefState>();
        lock (_onDisk)
        {
            foreach (var (name, id) in refs)
            {
                _onDisk.TryGetValue(name, out var onDisk);
                if (onDisk != id) dirty.Add(new RefState(name, onDisk, id));
            }
            foreach (var name in _removed.Concat(removed).Concat(_onDisk.Keys).Where(name => !refs.ContainsKey(name)).Distinct())
                dirty.Add(new RefState(name, _onDisk.GetValueOrDefault(name), ObjectId.Zero));
        }
        return dirty.ToImmutable();
    }

    // The tail has not moved: what was durable stays, what this batch wrote is not there. A sync that failed leaves the journal in
    // doubt: it takes no more, and the kernel has dropped the error and perhaps the pages, so a second sync would lie.
    private void Stop(Exception cause)
    {
        // In this order: the upkeep forgives a problem, and must know by then that this one is final.
        if (_journal is { InDoubt: true }) _broken = true;
        _batch.Abandon();
        // The journal is handed over first: who forgives the problem rolls what was sealed before.
        SealJournal();
        _problem ??= cause.Message;
        _options.OnEvent?.Invoke(new StoreEvent($"No more writes are taken: {_problem}", Warning: true));
    }

    private void Discard(Journal empty)
    {
        empty.Dispose();
        try
        {
            _folder.Remove(empty);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.OnEvent?.Invoke(new StoreEvent($"An empty journal is left for the next start to remove: {e.Message}", Warning: false));
        }
    }
}
