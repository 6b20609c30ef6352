using System.Diagnostics;
using Pasteur.Git;

namespace Pasteur.Bench;

/// <summary>Durable commits through the engine, by any number of writers that each wait for their answer.</summary>
internal sealed record EngineRun(int Writers, int Commits, double Seconds, double P50Milliseconds, double P99Milliseconds, double MaxMilliseconds)
{
    public double PerSecond => Commits / Seconds;

    public static async Task<EngineRun> MeasureAsync(Repository repository, int writers, TimeSpan duration)
    {
        var latencies = new List<double>[writers];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var mine = latencies[writer] = [];
            while (clock.Elapsed < duration)
            {
                var request = Workload.NewCommit();
                var start = Stopwatch.GetTimestamp();
                if (await repository.CommitAsync(request, CancellationToken.None) is not CommitOutcome.Committed) throw new InvalidOperationException("a commit was refused");
                mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(list => list).Order().ToArray();
        return new EngineRun(writers, all.Length, seconds, all[all.Length / 2], all[all.Length * 99 / 100], all[^1]);
    }

    /// <summary>Fills a repository as fast as the engine takes it.</summary>
    public static async Task FillAsync(Repository repository, int commits)
    {
        const int AtOnce = 1024;
        var left = commits;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                while (await repository.CommitAsync(Workload.NewCommit(), CancellationToken.None) is not CommitOutcome.Committed)
                    await Task.Delay(1);
        })));
    }
}
