using System.Diagnostics;
using System.Globalization;
using Pasteur.Git;

namespace Pasteur.Bench;

/// <summary>What it costs to forget pastes: their branch goes, and the packs are written again without them.</summary>
internal static class ExpiryRun
{
    private const string Branch = "until/2026-11-27T14Z/measured";

    /// <returns>Milliseconds until the branch is gone and until its objects are, and of processor time.</returns>
    public static async Task<string> MeasureAsync(string folder, int pastes)
    {
        var options = new RepositoryOptions { Folder = folder, PurgeEvery = TimeSpan.FromSeconds(1), OnEvent = happened => Console.Error.WriteLine(happened.Message) };
        await using (var filled = await Repository.OpenAsync(options, CancellationToken.None))
        {
            var left = pastes;
            await Task.WhenAll(Enumerable.Range(0, Math.Min(64, pastes)).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    var outcome = await filled.CommitAsync(Workload.NewPaste().ToCommit() with { Branch = Branch }, CancellationToken.None);
                    if (outcome is not CommitOutcome.Committed) throw new InvalidOperationException($"a commit was refused: {outcome}");
                }
            })));
        }
        await using var repository = await Repository.OpenAsync(options, CancellationToken.None);
        // What a start has to do is not what is measured.
        await Task.Delay(TimeSpan.FromSeconds(5));
        var (processor, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        if (await repository.DropAsync([Branch], CancellationToken.None) is { } problem) throw new InvalidOperationException(problem);
        var dropped = clock.Elapsed;
        var list = Path.Combine(folder, "pasteur", "forgotten");
        while (new FileInfo(list).Length > 0) await Task.Delay(TimeSpan.FromMilliseconds(50));
        return string.Create(CultureInfo.InvariantCulture, $"{dropped.TotalMilliseconds:0.0} {clock.Elapsed.TotalMilliseconds:0} {(Environment.CpuUsage.TotalTime - processor).TotalMilliseconds:0}");
    }
}
