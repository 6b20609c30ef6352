using Pasteur.Git.Commits;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Upkeep;

/// <summary>
/// Merges packs in the background, so that their number stays logarithmic. A thread of its own: copying gigabytes must not keep a
/// journal from being rolled. While people paste, packs wait until they are many: one merge of many copies less than many of a few.
/// </summary>
internal sealed class PackUpkeep : IDisposable
{
    private const int ManyPacks = 12;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    private readonly RepositoryFolder _folder;
    private readonly CommitWriter _writer;
    private readonly RepositoryOptions _options;
    private readonly Queue<(MergedPack[] Packs, string Into, long At)> _retired = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    public PackUpkeep(RepositoryFolder folder, CommitWriter writer, RepositoryOptions options)
    {
        _folder = folder;
        _writer = writer;
        _options = options;
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
                wait = Tick;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or GitDataException)
            {
                // What is there can still be read as it is. The disk may be full: what is only kept for others goes at once.
                GiveBackSpace();
                _options.OnEvent?.Invoke(new StoreEvent($"Packs are not merged: {e.Message}", Warning: true));
                wait = RetryAfter;
            }
        }
    }

    private bool MergeOnce()
    {
        // A pack that is still kept for a ref to reach it waits for its turn.
        var free = _folder.Store.Packs.Where(pack => !File.Exists(Path.ChangeExtension(pack.Name, ".keep"))).ToArray();
        if (IsBusy && PackGeometry.CountToGrow(free) < ManyPacks) return false;
        var packs = PackGeometry.Choose(free);
        if (packs.Length < 2) return false;
        var retired = Array.ConvertAll(packs, MergedPack.Of);
        using var target = _folder.NewPack();
        var merged = new PackMerger(packs, target, _options.FaultPoint) { RestAfterChunk = () => Thread.Sleep(IsBusy && free.Length < 2 * ManyPacks ? 10 : 1) }.Merge(_stop.Token);
        _folder.Store.Replace(packs, merged);
        _retired.Enqueue((retired, merged.Name, _options.Time.GetTimestamp()));
        // What was merged was reachable, or rubbish that git gc may take.
        if (!packs.Contains(merged)) File.Delete(Path.ChangeExtension(merged.Name, ".keep"));
        return true;
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
