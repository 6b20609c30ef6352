using Pasteur.Git.Commits;
using Pasteur.Git.Forgetting;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Upkeep;

/// <summary>
/// Merges packs in the background, so that their number stays logarithmic. A thread of its own: copying gigabytes must not keep a
/// journal from being rolled. While people paste, packs wait until they are many: one merge of many copies less than many of a few.
/// </summary>
internal sealed class PackUpkeep : IDisposable
{
    private const int ManyPacks = 12;
    private const int SlowPurges = 12;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    private readonly RepositoryFolder _folder;
    private readonly CommitWriter _writer;
    private readonly RepositoryOptions _options;
    private readonly Queue<(MergedPack[] Packs, string Into, long At)> _retired = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly Purge? _purge;
    private long _lastPurge;
    private TimeSpan _purgePause;
    private string _toldOfKept = "";

    /// <param name="isRolling">True while refs on the disk may be about to move.</param>
    public PackUpkeep(RepositoryFolder folder, CommitWriter writer, RepositoryOptions options, Func<bool> isRolling)
    {
        _folder = folder;
        _writer = writer;
        _options = options;
        _purge = options.Folder is { } path ? new Purge(folder, path, () => writer.Current, isRolling) : null;
        _purgePause = options.PurgeEvery;
        _lastPurge = options.Time.GetTimestamp();
        _thread = new Thread(Run) { Name = "pack upkeep", IsBackground = true };
    }

    public void Start()
    {
        if (_folder.IsOnDisk) _thread.Start();
    }

    /// <summary>A merge under way is given up; the old packs stand as they were.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted)) _thread.Join();
        GiveBackSpace();
        _stop.Dispose();
    }

    private bool IsBusy => _options.Time.GetElapsedTime(_writer.LastWrite) < _options.IdleRoll;

    private void Run()
    {
        BackgroundThread.YieldToOthers();
        for (var wait = Tick; !_stop.Token.WaitHandle.WaitOne(wait);)
        {
            try
            {
                RemoveRetired(_options.KeepMerged);
                while (MergeOnce())
                {
                    // One merge may put the next larger pack out of proportion.
                }
                PurgeWhenDue();
                wait = Tick;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (FileNotFoundException e)
            {
                // git prune --expire=now takes away a pack that is being written. What was merged before stays: that git may be looking for it.
                _options.OnEvent?.Invoke(new StoreEvent($"Packs are merged once more, as another program took a file away: {e.Message}", Warning: false));
                wait = Tick;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or GitDataException)
            {
                // What is there can still be read as it is. On a full disk, what is only kept for others goes at once.
                if (Durability.IsOutOfSpace(e)) GiveBackSpace();
                _options.OnEvent?.Invoke(new StoreEvent($"Packs are not merged: {e.Message}", Warning: true));
                wait = RetryAfter;
            }
        }
    }

    private bool MergeOnce()
    {
        var free = Free(_folder.Store.Packs);
        if (IsBusy && PackGeometry.CountToGrow(free) < ManyPacks) return false;
        var packs = PackGeometry.Choose(free);
        if (packs.Length < 2) return false;
        Merge(packs, new HashSet<ObjectId>(), () => Thread.Sleep(IsBusy && free.Length < 2 * ManyPacks ? 10 : 1));
        return true;
    }

    // A pack that is still kept for a ref to reach it waits for its turn.
    private static PackFile[] Free(IEnumerable<PackFile> packs) => [.. packs.Where(pack => !File.Exists(Path.ChangeExtension(pack.Name, ".keep")))];

    // What cannot be forgotten now must not keep packs from being merged.
    private void PurgeWhenDue()
    {
        if (_purge is null || _options.Time.GetElapsedTime(_lastPurge) < _purgePause || _folder.Forgotten.IsEmpty) return;
        try
        {
            using var indexes = _folder.Store.MapIndexes();
            if (_purge.Prepare(_stop.Token) is not { } plan) return;
            _lastPurge = _options.Time.GetTimestamp();
            Carry(plan);
        }
        catch (GitDataException e)
        {
            _lastPurge = _options.Time.GetTimestamp();
            _options.OnEvent?.Invoke(new StoreEvent($"What is to be forgotten stays in the packs: {e.Message}", Warning: true));
        }
    }

    private void Carry(PurgePlan plan)
    {
        var packs = Free(plan.Packs);
        var removed = packs.Length;
        if (plan.Unneeded.Count > 0)
        {
            _folder.RemoveDerived();
            Reflogs.Strike(_options.Folder!, plan.Unneeded);
        }
        // Each by itself: a merge of all of them might be more than fits.
        foreach (var pack in packs)
        {
            Merge([pack], plan.Unneeded, () => Thread.Sleep(1));
            _options.FaultPoint?.Invoke("purge.pack");
        }
        foreach (var id in plan.Unneeded)
            if (_folder.Loose!.Remove(id)) removed++;
        TellOfKept([.. plan.Packs.Where(pack => PackInstaller.IsKeptByOthers(pack.Name)).Select(pack => Path.GetFileName(pack.Name)).Order(StringComparer.Ordinal)]);
        // Nothing but what somebody keeps: to look again soon would only cost.
        _purgePause = removed == 0 && plan.Unneeded.Count > 0 ? SlowPurges * _options.PurgeEvery : _options.PurgeEvery;
    }

    private void TellOfKept(string[] packs)
    {
        var names = string.Join(", ", packs);
        if (names.Length > 0 && names != _toldOfKept)
            _options.OnEvent?.Invoke(new StoreEvent($"{names}: what is to be forgotten stays in there for as long as its .keep file stands beside it.", Warning: true));
        _toldOfKept = names;
    }

    private void Merge(PackFile[] packs, IReadOnlySet<ObjectId> leftOut, Action rest)
    {
        var retired = Array.ConvertAll(packs, MergedPack.Of);
        using var target = _folder.NewPack();
        var merged = new PackMerger(packs, target, _options.FaultPoint) { RestAfterChunk = rest, LeftOut = leftOut }.Merge(_stop.Token);
        _folder.Store.Replace(packs, merged);
        _retired.Enqueue((retired, merged.Name, _options.Time.GetTimestamp()));
        // What was merged was reachable, or rubbish that git gc may take.
        if (!packs.Contains(merged)) File.Delete(Path.ChangeExtension(merged.Name, ".keep"));
    }

    private void GiveBackSpace()
    {
        try
        {
            RemoveRetired(TimeSpan.Zero);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start finds them as packs like any other.
        }
    }

    // A git that finds a pack gone looks once for what has taken its place. Were that merged away in turn before git has opened it, git
    // would call a sound repository broken: so packs go long after they were replaced.
    private void RemoveRetired(TimeSpan after)
    {
        while (_retired.TryPeek(out var next) && _options.Time.GetElapsedTime(next.At) >= after)
        {
            PackMerger.Remove(next.Packs, next.Into, _options.FaultPoint);
            _folder.Store.Forget(next.Packs.Select(pack => pack.Path));
            _retired.Dequeue();
        }
    }
}
