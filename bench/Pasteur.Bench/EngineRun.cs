using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using Pasteur.Git;
using Pasteur.Git.Packs;

namespace Pasteur.Bench;

/// <summary>Durable commits through the engine, by any number of writers that each wait for their answer.</summary>
internal static class EngineRun
{
    private const int FillersAtOnce = 1024, MostPacks = 80;

    public static async Task<Figures> MeasureAsync(string folder, TimeSpan duration, int writers)
    {
        await using var repository = await OpenAsync(folder);
        var latencies = new ConcurrentBag<List<double>>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<double>();
            latencies.Add(mine);
            while (clock.Elapsed < duration)
            {
                var start = Stopwatch.GetTimestamp();
                await CommitAsync(repository, Workload.NewPaste().ToCommit());
                mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        })));
        var elapsed = clock.Elapsed;
        return Figures.Of(latencies.SelectMany(list => list), latencies.Sum(list => list.Count), elapsed);
    }

    /// <summary>Fills a repository as fast as the engine takes it, leaves its packs as slower growth would, and answers the ids.</summary>
    /// <param name="textBytes">Of each paste, a multiple of four.</param>
    public static async Task<IReadOnlyCollection<string>> FillAsync(string folder, int pastes, int textBytes = Workload.TextBytes)
    {
        // While packs wait to be merged, and for those who read them, they take twice the room; nobody reads them here.
        var isBehind = false;
        using var look = new Timer(_ => Volatile.Write(ref isBehind, PackCounts(folder).Length > MostPacks), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await using var repository = await OpenAsync(folder, TimeSpan.FromSeconds(1));
        await CommitAsync(repository, Workload.Format());
        var ids = new ConcurrentQueue<string>();
        var left = pastes;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(FillersAtOnce, pastes)).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                while (Volatile.Read(ref isBehind)) await Task.Delay(TimeSpan.FromMilliseconds(100));
                var paste = Workload.NewPaste(pastes - left, textBytes);
                await CommitAsync(repository, paste.ToCommit());
                ids.Enqueue(paste.Id);
            }
        })));
        while (PackGeometry.CountToMerge(PackCounts(folder), GitLimits.MaxMergedObjects) > 0) await Task.Delay(TimeSpan.FromSeconds(1));
        return ids;
    }

    // The last entry of an index's fan-out table is the number of its objects (gitformat-pack(5)).
    private static int[] PackCounts(string folder)
    {
        const int fanOutEnd = 8 + (255 * sizeof(uint));
        var counts = new List<int>();
        Span<byte> count = stackalloc byte[sizeof(uint)];
        foreach (var index in Directory.GetFiles(Path.Combine(folder, "objects", "pack"), "*.idx"))
        {
            try
            {
                using var file = File.OpenHandle(index);
                if (RandomAccess.Read(file, count, fanOutEnd) == count.Length) counts.Add(BinaryPrimitives.ReadInt32BigEndian(count));
            }
            catch (FileNotFoundException)
            {
                // Merged away a moment ago.
            }
        }
        counts.Sort();
        return [.. counts];
    }

    private static Task<Repository> OpenAsync(string folder, TimeSpan? keepMerged = null)
    {
        var options = new RepositoryOptions { Folder = folder, OnEvent = Tell };
        return Repository.OpenAsync(options with { KeepMerged = keepMerged ?? options.KeepMerged }, CancellationToken.None);
    }

    private static async Task CommitAsync(Repository repository, CommitRequest request)
    {
        var outcome = await repository.CommitAsync(request, CancellationToken.None);
        if (outcome is not CommitOutcome.Committed) throw new InvalidOperationException($"a commit was refused: {outcome}");
    }

    private static void Tell(StoreEvent happened)
    {
        if (happened.Warning) Console.Error.WriteLine(happened.Message);
    }
}
