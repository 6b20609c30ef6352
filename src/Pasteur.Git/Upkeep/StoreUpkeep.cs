using System.Runtime.ExceptionServices;
using Pasteur.Git.Commits;
using Pasteur.Git.History;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Upkeep;

/// <summary>
/// What happens behind the writer's back: journals are rolled into packs, refs are written to the disk, packs are merged, and what the
/// owner's git has done to the folder is noticed. One thread; whatever fails is tried again, the journal being there until it succeeds.
/// </summary>
internal sealed class StoreUpkeep : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LetGoEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OldestUnrolled = TimeSpan.FromMinutes(1);

    private const string Heads = "refs/heads/";
    private const int CommitsASlice = 64;

    private readonly RepositoryOptions _options;
    private readonly RepositoryFolder _folder;
    private readonly ObjectStore _store;
    private readonly CommitWriter _writer;
    private readonly Queue<(SealedJournal Journal, List<string> Keeps)> _sealed = new();
    private List<string> _keeps;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ObjectId> _onDisk;
    private readonly Dictionary<string, long> _foldedAt = new(StringComparer.Ordinal);
    private readonly AutoResetEvent _wake = new(false);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Journal? _visible;
    private long _notBefore;
    private string? _lastFault;
    private long _lastRoll;
    private long _lastLetGo;

    public StoreUpkeep(RepositoryFolder folder, RefsAtStart refs, CommitWriter writer, RepositoryOptions options)
    {
        _folder = folder;
        _store = folder.Store;
        _writer = writer;
        _options = options;
        _onDisk = new Dictionary<string, ObjectId>(refs.OnDisk, StringComparer.Ordinal);
        _lastRoll = options.Time.GetTimestamp();
        _keeps = [.. folder.OwnKeeps()];
        _thread = new Thread(Run) { Name = "store upkeep", IsBackground = true };
    }

    /// <summary>Bytes of journals that wait to be rolled.</summary>
    public long SealedBytes
    {
        get { lock (_lock) return _sealed.Sum(waiting => waiting.Journal.Journal.Tail); }
    }

    public void Start()
    {
        ReleaseWhenRolled();
        _thread.Start();
    }

    public void Add(SealedJournal journal)
    {
        lock (_lock)
        {
            _sealed.Enqueue((journal, _keeps));
            _keeps = [];
        }
        _wake.Set();
    }

    /// <summary>A pack whose objects the refs reach now: its <c>.keep</c> may go when the refs of the next journal to be sealed are on the disk.</summary>
    public void AddKeep(string pack)
    {
        lock (_lock) _keeps.Add(pack);
    }

    /// <summary>Ends the thread.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _wake.Set();
        if (_thread.ThreadState != ThreadState.Unstarted) _thread.Join();
    }

    /// <summary>After <see cref="Stop"/>, when the writer has sealed its last journal: rolls what is left.</summary>
    public void Dispose()
    {
        Guard("roll at close", () =>
        {
            RollAll();
            ReleaseWhenRolled();
        });
        _stop.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        BackgroundThread.YieldToOthers();
        while (!_stop.IsCancellationRequested)
        {
            _wake.WaitOne(Tick);
            if (_stop.IsCancellationRequested) return;
            if (_options.Time.GetTimestamp() < _notBefore) continue;
            Guard("upkeep", () =>
            {
                RollAll();
                _writer.TryRecover();
                SealWhenIdle();
                _writer.PrepareSpare();
                _store.MakeFilters(_stop.Token);
                LetGoOfIndexes();
                LookAtRefs();
            });
        }
    }

    /// <summary>A failure here loses nothing and must not end the thread; the next tick tries again.</summary>
    private void Guard(string what, Action work)
    {
        try
        {
            // Where a folder was, nothing is made anew.
            if (_folder.Problem is { } gone) throw new IOException(gone);
            work();
            _lastFault = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GitDataException)
        {
            _notBefore = _options.Time.GetTimestamp() + Ticks(RetryAfter);
            if (_lastFault == e.Message) return;
            _lastFault = e.Message;
            _options.OnEvent?.Invoke(new StoreEvent($"{what}: {e.Message} It will be tried again.", Warning: true));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The store is closing; a merge that was under way has left the old packs as they were.
            return;
        }
    }

    private void LetGoOfIndexes()
    {
        var now = _options.Time.GetTimestamp();
        if (now - _lastLetGo < Ticks(LetGoEvery)) return;
        _lastLetGo = now;
        _store.LetGoOfIndexes();
    }

    private void RollAll()
    {
        while (Next() is { } next)
        {
            Roll(next.Journal, next.Keeps);
            lock (_lock) _sealed.Dequeue();
        }
    }

    private (SealedJournal Journal, List<string> Keeps)? Next()
    {
        lock (_lock) return _sealed.TryPeek(out var next) ? next : null;
    }

    private void Roll(SealedJournal rolled, List<string> keeps)
    {
        _lastRoll = _options.Time.GetTimestamp();
        if (!_folder.IsOnDisk) return;
        if (rolled.Journal.Tail > Journal.HeaderLength && _visible != rolled.Journal)
        {
            var pack = JournalRoll.ToPack(rolled.Journal, _folder.PackFolder!, _options.FaultPoint);
            _store.Replace(rolled.Journal, PackFile.Open(Path.ChangeExtension(pack, ".idx")));
            keeps.Add(pack);
            _visible = rolled.Journal;
        }
        var folded = false;
        foreach (var state in rolled.Refs) SetRolled(state.Name, state.Current);
        _options.FaultPoint?.Invoke("roll.reached");
        foreach (var state in rolled.Refs) folded |= IsStale(state.Name, rolled.Sequence) || !WriteRef(state);
        if (!folded) _folder.BackUpRefs(_onDisk);
        _options.FaultPoint?.Invoke("roll.refs");
        // After a fold the disk holds the other side's tip, which does not reach this pack yet: the next roll's refs will.
        if (folded || rolled.NeedsLater) PassOn(keeps);
        else Release(keeps);
        _options.FaultPoint?.Invoke("roll.unkeep");
        _folder.Journals.Remove(rolled.Journal);
        _options.FaultPoint?.Invoke("roll.done");
    }

    // Sealed before another program's commit was brought in: to write this would take theirs off the branch.
    private bool IsStale(string name, long sequence) => _foldedAt.TryGetValue(name, out var folded) && sequence < folded;

    private void SetRolled(string name, ObjectId id)
    {
        if (RolledRef.Beside(name) is not { } beside) return;
        var isSet = id.IsZero ? _folder.Refs.Update(beside, _folder.Refs.Read(beside) ?? default, id) is not RefUpdateOutcome.Locked : _folder.Refs.Set(beside, id);
        if (!isSet) throw new IOException($"{beside}: another program holds its lock file.");
    }

    // False when somebody else has moved the ref: theirs stays, and ours were put on top of it in the journal.
    private bool WriteRef(RefState state)
    {
        var (name, id) = (state.Name, state.Current);
        // What the owner's refs were is known to whoever moves them alone.
        var expected = OwnersRef.Is(name) ? state.OnDisk : _onDisk.GetValueOrDefault(name);
        if (expected == id)
        {
            // The writer waits for the word that it is gone.
            if (id.IsZero) Remember(name, id);
            return true;
        }
        var outcome = _folder.Refs.Update(name, expected, id);
        // What is to be forgotten goes, whatever somebody has put there.
        if (id.IsZero && ShortLivedRef.Is(name) && outcome is RefUpdateOutcome.Changed { Current: var theirs }) outcome = _folder.Refs.Update(name, theirs, id);
        if (outcome is RefUpdateOutcome.Changed { Current.IsZero: true })
        {
            outcome = _folder.Refs.Update(name, default, id);
            if (outcome is RefUpdateOutcome.Updated) SayRestored(name);
        }
        if (outcome is RefUpdateOutcome.Changed { Current: var actual } && actual != id)
        {
            Fold(name, expected, actual);
            return false;
        }
        if (outcome is RefUpdateOutcome.Locked) throw new IOException($"{name}: another program holds its lock file.");
        Remember(name, id);
        return true;
    }

    private void Fold(string name, ObjectId seen, ObjectId actual)
    {
        if (!name.StartsWith(Heads, StringComparison.Ordinal) || actual.IsZero)
        {
            Remember(name, actual);
            return;
        }
        _store.Rescan();
        if (!_store.Contains(actual)) throw RepositoryFolder.Missing(name, actual);
        var rewrite = WithoutErased(name, seen, actual);
        var tip = rewrite?.Map(actual) ?? actual;
        // Nothing was in it but what is erased.
        if (tip.IsZero) Remember(name, actual);
        else Integrate(name, (rewrite?.Map(seen) ?? seen, tip), actual);
        if (rewrite is not null) Write(new ErasedBeside(rewrite), name);
        _options.OnEvent?.Invoke(new StoreEvent($"{name} was moved by another program to {actual}: brought in.", Warning: false));
    }

    private void Integrate(string name, (ObjectId Seen, ObjectId Tip) theirs, ObjectId actual)
    {
        // An older tip was chosen by the owner. Any other was made beside ours, perhaps unaware of what a roll has put there meanwhile.
        var policy = Ancestry.IsAncestor(_store, theirs.Tip, theirs.Seen) ? RewindPolicy.Follow : RewindPolicy.Replay;
        using var answered = new ManualResetEventSlim();
        IntegrateOutcome? outcome = null;
        var other = new OtherSide(name[Heads.Length..], theirs.Tip, policy, _options.Time.GetUtcNow())
        {
            Seen = theirs.Seen,
            OnAnswer = (answer, sequence) =>
            {
                outcome = answer;
                _foldedAt[name] = sequence;
                if (answer is not IntegrateOutcome.Unavailable) _writer.OnDisk(name, actual);
                answered.Set();
            },
        };
        if (!_writer.TryAdd(new IntegrateOperation(other), urgent: true)) throw new IOException($"{name} was moved by another program; the next start will bring it in.");
        answered.Wait();
        if (outcome is IntegrateOutcome.Unavailable refused) throw new IOException(refused.Reason);
        _onDisk[name] = actual;
    }

    // Pushed at the very moment of an erasure, onto the history as it was: what is erased goes from it as it went from ours, or it would be back. Null: it
    // is on the history that ours is on.
    private HistoryRewrite? WithoutErased(string name, ObjectId seen, ObjectId actual)
    {
        var snapshot = _writer.Current;
        if (_options.Folders?.ErasedIn is not { } erasedIn || seen.IsZero || !snapshot.TryGetRef(name, out var ours) || Ancestry.IsAncestor(_store, seen, ours)) return null;
        var folders = snapshot.TryGetRef(Heads + _options.Branch, out var marked) ? erasedIn(snapshot, marked) : [];
        if (folders.Count == 0) return null;
        var rewrite = new HistoryRewrite(_store, folders);
        rewrite.Look(actual, _stop.Token);
        rewrite.Look(seen, _stop.Token);
        if (rewrite.Left == 0) return null;
        while (rewrite.Left > 0) Write(new EraseSlice(rewrite, CommitsASlice), name);
        return rewrite;
    }

    private void Write(WriteOperation<bool> operation, string name)
    {
        if (!_writer.TryAdd(operation, urgent: true) || !operation.Completion.GetAwaiter().GetResult()) throw new IOException($"{name} was moved by another program; the next start will bring it in.");
    }

    private void Remember(string name, ObjectId id)
    {
        if (id.IsZero) _onDisk.Remove(name);
        else _onDisk[name] = id;
        if (!_writer.TryAdd(new WriterCall(() => _writer.OnDisk(name, id)), urgent: true)) _writer.OnDisk(name, id);
    }

    private void PassOn(List<string> keeps)
    {
        lock (_lock) (_sealed.Count > 1 ? _sealed.ElementAt(1).Keeps : _keeps).AddRange(keeps);
    }

    private static void Release(List<string> keeps)
    {
        foreach (var pack in keeps) File.Delete(Path.ChangeExtension(pack, ".keep"));
        keeps.Clear();
    }

    // With no journal left, the refs on the disk are all that there is.
    private void ReleaseWhenRolled()
    {
        lock (_lock)
            if (_sealed.Count == 0) Release(_keeps);
    }

    private void SealWhenIdle()
    {
        if (!_writer.HasUnrolled || !_folder.IsOnDisk) return;
        var now = _options.Time.GetTimestamp();
        var idle = now - _writer.LastWrite > Ticks(_options.IdleRoll);
        if (idle || now - _lastRoll > Ticks(OldestUnrolled)) _writer.TryAdd(new WriterCall(_writer.SealJournal), urgent: true);
    }

    // The branches that are known, and those that somebody has pushed into the folder since.
    private void LookAtRefs()
    {
        if (!_folder.IsOnDisk) return;
        Exception? fault = null;
        var listed = _folder.Refs.List(Heads, (_, damage) => fault ??= damage);
        var names = listed.Keys.Union(_onDisk.Keys.Where(name => name.StartsWith(Heads, StringComparison.Ordinal)));
        foreach (var name in names.ToArray())
        {
            try
            {
                LookAtRef(name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or GitDataException)
            {
                // One that cannot be read must not hide the others.
                fault ??= e;
            }
        }
        if (fault is not null) ExceptionDispatchInfo.Throw(fault);
    }

    private void LookAtRef(string name)
    {
        var known = _onDisk.GetValueOrDefault(name);
        var actual = _folder.Refs.Read(name) ?? default;
        if (actual == known) return;
        if (!actual.IsZero)
        {
            Fold(name, known, actual);
        }
        else if (_folder.Refs.Update(name, default, known) is RefUpdateOutcome.Updated)
        {
            SayRestored(name);
        }
    }

    // The site goes on showing what the branch held; without a ref on the disk the next start, or a gc, would lose it.
    private void SayRestored(string name) =>
        _options.OnEvent?.Invoke(new StoreEvent($"{name} was deleted by another program while it is in use: it is put back. To remove it, stop the program first.", Warning: true));

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _options.Time.TimestampFrequency);
}
