using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Pastes;

namespace Pasteur.Tests.Support;

/// <summary>
/// A process of its own that commits to a repository until it is killed, kills itself at a fault point, or the disk fails. Each outcome
/// is a line of its output, so that the one who started it knows what was acknowledged: <c>ok N</c>, or <c>no REASON</c>.
/// </summary>
internal static class ChildProgram
{
    public const string Variable = "PASTEUR_TEST_CHILD";

    /// <summary>As the number of writers: it forgets instead.</summary>
    public const int Forgetting = -1;

    /// <summary>As the number of writers: it erases instead.</summary>
    public const int Erasing = -2;

    /// <summary>As the number of writers: a paste that burns is opened, and what is left of it swept away. With two commits, its owner deletes it.</summary>
    public const int Burning = -3;

    public const string Branch = "until/2026-11-27T12Z/child";
    public const string Canary = "canary-of-the-child-19d4";

    /// <summary>What the child does.</summary>
    /// <param name="KillAt">A fault point, or empty.</param>
    /// <param name="Skip">How often that point is passed first.</param>
    /// <param name="Commits">It closes the repository after so many.</param>
    public sealed record Work(string Folder, string KillAt = "", int Skip = 0, int Writers = 16, int Commits = 100_000, int JournalBytes = 64 << 10, int First = 0)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Folder}|{KillAt}|{Skip}|{Writers}|{Commits}|{JournalBytes}|{First}");

        public static Work Parse(string text)
        {
            var parts = text.Split('|');
            int Number(int n) => int.Parse(parts[n], CultureInfo.InvariantCulture);
            return new Work(parts[0], parts[1], Number(2), Number(3), Number(4), Number(5), Number(6));
        }
    }

    public sealed record Result(int ExitCode, IReadOnlyList<int> Acknowledged, IReadOnlyList<string> Refused, string Errors);

    /// <summary>Starts the child and waits for its end.</summary>
    /// <param name="killAfter">Kills it (SIGKILL) when it has acknowledged so many.</param>
    /// <param name="wrapper">A program to run it under, with its arguments: <c>strace …</c>.</param>
    public static Result Start(Work work, int killAfter = int.MaxValue, params string[] wrapper)
    {
        string[] command = [.. wrapper, Environment.ProcessPath!];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = work.ToString();
        using var process = Process.Start(start)!;
        using var watchdog = new Timer(static process => ((Process)process!).Kill(entireProcessTree: true), process, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        var errors = process.StandardError.ReadToEndAsync();
        var acknowledged = new List<int>();
        var refused = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("ok ", StringComparison.Ordinal)) acknowledged.Add(int.Parse(line.AsSpan(3), CultureInfo.InvariantCulture));
            else refused.Add(line);
            if (acknowledged.Count == killAfter) process.Kill();
        }
        process.WaitForExit();
        return new Result(process.ExitCode, acknowledged, refused, errors.Result);
    }

    public static async Task<int> RunAsync(string text)
    {
        var work = Work.Parse(text);
        var options = new RepositoryOptions { Folder = work.Folder, JournalBytes = work.JournalBytes, IdleRoll = TimeSpan.FromMilliseconds(200), KeepMerged = TimeSpan.Zero, PurgeEvery = TimeSpan.FromMilliseconds(100), FaultPoint = new Killer(work).Reached };
        var next = work.First - 1;
        await using var repository = await Repository.OpenAsync(options, CancellationToken.None);
        if (work.Writers == Forgetting)
        {
            await ForgetAsync(repository, work.Commits);
            return 0;
        }
        if (work.Writers == Burning)
        {
            await BurnAsync(repository, work.Commits == 2, new Killer(work));
            return 0;
        }
        if (work.Writers == Erasing)
        {
            await EraseAsync(repository, work.Commits, isMarked: work.First == 1);
            return 0;
        }
        await Task.WhenAll(Enumerable.Range(0, work.Writers).Select(_ => Task.Run(() => WriteAsync(repository, work, () => Interlocked.Increment(ref next)))));
        return 0;
    }

    // Every third paste stays. The others are taken away when their branch is rolled, and "dropped" is said when that was acknowledged.
    private static async Task ForgetAsync(Repository repository, int pastes)
    {
        for (var n = 0; n < pastes; n++)
        {
            var request = PasteCommit.Of(PasteCommit.Id(n), n % 3 == 0 ? PasteCommit.Text(n) : $"{Canary} {n}");
            await repository.CommitAsync(n % 3 == 0 ? request : request with { Branch = Branch }, CancellationToken.None);
            if (n % 3 == 0) Say($"ok {n}");
        }
        while (repository.Health.JournalBytes > 12) await Task.Delay(20);
        await repository.DropAsync([.. repository.Current.RefNames.Where(name => name.StartsWith("refs/heads/until/", StringComparison.Ordinal)).Select(name => name["refs/heads/".Length..])], CancellationToken.None);
        Say("dropped");
        // The purge goes on behind, and is where the others are killed.
        await Task.Delay(20_000);
    }

    // Number 5 is erased, and "erased" is said when that was acknowledged.
    private static async Task EraseAsync(Repository repository, int pastes, bool isMarked)
    {
        for (var n = 0; n < pastes; n++)
        {
            await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), n == 5 ? Canary : PasteCommit.Text(n)), CancellationToken.None);
            if (n != 5) Say($"ok {n}");
        }
        while (repository.Health.JournalBytes > 12) await Task.Delay(20);
        var id = PasteCommit.Id(5);
        var outcome = await repository.EraseAsync(isMarked && PasteId.TryParse(id, out var marked) ? Erasures.Of("main", [marked], DateTimeOffset.UnixEpoch) : new EraseRequest("main", [ErasedFolder.Of($"{id[0]}/{id[1]}/{id[2]}", id)]) { Author = new Signature("Pasteur", "pasteur@pasteur.invalid", DateTimeOffset.UnixEpoch) }, CancellationToken.None);
        Say(outcome is EraseOutcome.Erased ? "erased" : $"no {outcome}");
        await Task.Delay(20_000);
    }

    // Its id is said when it was burnt or deleted.
    private static async Task BurnAsync(Repository repository, bool isDeletion, Killer killer)
    {
        var options = new PasteStoreOptions
        {
            Branch = "main", IdLength = 10, Server = "me",
            AwaitRemoteOfEnding = (_, _) =>
            {
                killer.Reached("committed");
                return ValueTask.FromResult<string?>(null);
            },
        };
        var store = PasteStore.Open(repository, options);
        var paste = new NewPaste { Files = [new NewFile(null, Encoding.UTF8.GetBytes(Canary))], Expires = DateTimeOffset.UtcNow + TimeSpan.FromDays(1), Reads = 1 };
        var created = (CreateOutcome.Created)await store.CreateAsync(paste, CancellationToken.None);
        while (repository.Health.JournalBytes > 12) await Task.Delay(20);
        if (isDeletion) await store.DeleteAsync(created.Id.ToString(), created.Token.Reveal(), CancellationToken.None);
        else await store.OpenAsync(created.Id.ToString(), null, CancellationToken.None);
        Say($"burnt {created.Id}");
        await new BurnSweep(repository, store, options, waitsForRemote: false).SweepAsync(CancellationToken.None);
        Say("swept");
        await Task.Delay(20_000);
    }

    private static async Task WriteAsync(Repository repository, Work work, Func<int> next)
    {
        for (var n = next(); n < work.First + work.Commits; n = next())
        {
            var outcome = await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), CancellationToken.None);
            Say(outcome switch
            {
                CommitOutcome.Committed => $"ok {n}",
                CommitOutcome.Unavailable refused => $"no {refused.Reason}",
                _ => $"no {outcome.GetType().Name}",
            });
            if (outcome is CommitOutcome.Unavailable) await Task.Delay(5);
        }
    }

    // One write call a line: what is half written was not acknowledged.
    private static void Say(string line)
    {
        lock (Variable)
        {
            using var output = Console.OpenStandardOutput();
            output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
    }

    private sealed class Killer(Work work)
    {
        private int _passed;

        public void Reached(string point)
        {
            if (point == work.KillAt && Interlocked.Increment(ref _passed) > work.Skip) KillSelf();
        }

        private static void KillSelf()
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
