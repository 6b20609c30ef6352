using System.Diagnostics;
using System.Globalization;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Bench;

/// <summary>
/// What a long backlog costs: the plan of a push, and a replay on somebody else's commit while another writer pastes; its longest
/// wait is how long the replay holds the writer's thread.
/// </summary>
internal static class BacklogRun
{
    private const int CommitsAPush = 20_000;

    public static async Task<string> MeasureAsync(string folder, int commits)
    {
        await EngineRun.FillAsync(folder, commits);
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder }, CancellationToken.None);
        var branch = "refs/heads/" + Workload.Branch;
        var first = Walk(repository, branch).Last();
        await repository.RecordRemoteAsync(Workload.Branch, first, CancellationToken.None);
        var foreign = await CommitAsync(repository, Workload.NewPaste().ToCommit() with { Branch = "theirs" });

        var (planned, planMegabytes) = Measure(() => repository.PlanPush(Tip(repository, branch), first, CommitsAPush));
        var waits = new List<double>();
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() => PasteAsync(repository, waits, stop.Token));
        var clock = Stopwatch.StartNew();
        var outcome = await repository.IntegrateAsync(Workload.Branch, foreign, RewindPolicy.Replay, CancellationToken.None);
        var replayed = clock.Elapsed;
        await stop.CancelAsync();
        await writer;
        return string.Create(CultureInfo.InvariantCulture,
            $"{commits} {planned.TotalMilliseconds:0} {planMegabytes:0.0} {replayed.TotalMilliseconds:0} {waits.DefaultIfEmpty().Max():0.0} {waits.Count} {outcome.GetType().Name}");
    }

    private static (TimeSpan Took, double Megabytes) Measure(Func<object> work)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        var result = work();
        var took = clock.Elapsed;
        var peak = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(result);
        Console.Error.WriteLine($"plan: {peak / 1e6:0} MB allocated, {kept / 1e6:0} MB kept");
        return (took, peak / 1e6);
    }

    private static IEnumerable<ObjectId> Walk(Repository repository, string branch)
    {
        for (ObjectId? next = Tip(repository, branch); next is { } id; next = repository.Current.ReadCommit(id).Parents is [var parent, ..] ? parent : null)
            yield return id;
    }

    private static ObjectId Tip(Repository repository, string branch) =>
        repository.Current.TryGetRef(branch, out var tip) ? tip : throw new InvalidOperationException($"{branch} is not there");

    private static async Task PasteAsync(Repository repository, List<double> waits, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            await CommitAsync(repository, Workload.NewPaste().ToCommit());
            waits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task<ObjectId> CommitAsync(Repository repository, CommitRequest request) =>
        await repository.CommitAsync(request, CancellationToken.None) is CommitOutcome.Committed committed
            ? committed.Commit
            : throw new InvalidOperationException("a commit was refused");
}
