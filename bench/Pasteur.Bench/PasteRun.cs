using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pasteur.Bench;

/// <summary>So many pastes through HTTP, by writers that each wait for their answer.</summary>
internal static class PasteRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <param name="repository">Null, or the remote's own folder: whatever is answered must be in its branch by then, says stock git.</param>
    public static async Task<Figures> MeasureAsync(Uri site, int pastes, int writers, string? repository)
    {
        using var client = new HttpClient { BaseAddress = site, Timeout = Patience };
        var latencies = new ConcurrentBag<double>();
        var (left, refused) = (pastes, 0);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var text = new ByteArrayContent(Workload.NewPaste().Text);
                var start = Stopwatch.GetTimestamp();
                using var answer = await client.PutAsync("/", text);
                var id = (await answer.Content.ReadAsStringAsync()).Trim().Split('/')[^1];
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (!answer.IsSuccessStatusCode) Interlocked.Increment(ref refused);
                else if (repository is not null) await FindAsync(repository, id);
            }
        })));
        return Figures.Of(latencies, pastes, clock.Elapsed) with { Refused = refused };
    }

    private static async Task FindAsync(string repository, string id)
    {
        var folder = $"{Workload.Branch}:{id[0]}/{id[1]}/{id[2]}/{id}";
        using var git = Process.Start("git", ["-C", repository, "cat-file", "-e", folder]);
        await git.WaitForExitAsync();
        if (git.ExitCode != 0) throw new InvalidOperationException($"{folder} was answered, and is not in {repository}");
    }
}
