using System.Diagnostics;
using Pasteur.Bench;
using Pasteur.Git;

return args switch
{
    ["fill", var folder, var count] => await FillAsync(folder, int.Parse(count)),
    ["writers", var folder, var seconds, .. var writers] => await WritersAsync(folder, int.Parse(seconds), [.. writers.Select(int.Parse)]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Pasteur.Bench fill FOLDER COUNT | writers FOLDER SECONDS N...");
    return 64;
}

static async Task<int> FillAsync(string folder, int count)
{
    var clock = Stopwatch.StartNew();
    await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder, OnEvent = e => Console.Error.WriteLine(e.Message) }, CancellationToken.None))
    {
        Console.WriteLine($"open {clock.ElapsedMilliseconds} ms");
        await EngineRun.FillAsync(repository, count);
        Console.WriteLine($"filled {count} in {clock.Elapsed.TotalSeconds:F1} s: {count / clock.Elapsed.TotalSeconds:F0}/s");
    }
    Console.WriteLine($"closed at {clock.Elapsed.TotalSeconds:F1} s, rss {Environment.WorkingSet >> 20} MB");
    return 0;
}

static async Task<int> WritersAsync(string folder, int seconds, int[] writers)
{
    await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder, OnEvent = e => Console.Error.WriteLine(e.Message) }, CancellationToken.None);
    foreach (var count in writers)
    {
        var run = await EngineRun.MeasureAsync(repository, count, TimeSpan.FromSeconds(seconds));
        Console.WriteLine($"| {run.Writers} | {run.PerSecond:F0} | {run.P50Milliseconds:F2} | {run.P99Milliseconds:F2} | {run.MaxMilliseconds:F1} |");
    }
    return 0;
}
