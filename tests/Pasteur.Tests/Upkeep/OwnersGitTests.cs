using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Upkeep;

/// <summary>The owner works on the live repository with stock git, while others paste.</summary>
public sealed class OwnersGitTests
{
    [Fact]
    public async Task Housekeeping_and_foreign_commits_beside_16_writers_lose_nothing_of_anybody()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await OpenAsync(path);
        using var writing = new CancellationTokenSource();
        var acknowledged = new ConcurrentBag<int>();
        var next = 0;
        var pause = 1;
        var writers = Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () =>
            {
                while (!writing.IsCancellationRequested)
                {
                    var n = Interlocked.Increment(ref next);
                    var outcome = await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), CancellationToken.None);
                    if (outcome is CommitOutcome.Committed) acknowledged.Add(n);
                    await Task.Delay(Volatile.Read(ref pause), CancellationToken.None);
                }
            },
            CancellationToken.None)).ToArray();
        await UntilAsync(() => StockGit.Try(path, default, "rev-parse", "-q", "--verify", "main").ExitCode == 0);

        var foreign = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            // While one pack takes another's place, a list of the folder that is read at that moment may have neither; what was lost would be missing again.
            if (StockGit.Try(path, default, "gc", "-q", "--prune=now").ExitCode != 0) StockGit.Run(path, "gc", "-q", "--prune=now");
            foreign.Add(Commit(path, $"gc{round}", careful: true));
            StockGit.Run(path, "repack", "-a", "-d", "-q");
            foreign.Add(Commit(path, $"forced{round}", careful: false));
            StockGit.Run(path, "pack-refs", "--all");
            // At full speed the branch moves faster than anybody can clone and push: who is beaten slows the writers down.
            foreign.Add(Push(folder, path, $"pushed{round}", () => Volatile.Write(ref pause, Math.Min(500, pause * 2))));
            Volatile.Write(ref pause, 1);
        }
        await writing.CancelAsync();
        await Task.WhenAll(writers);

        await UntilAsync(() => foreign.TrueForAll(name => IsThere(repository, name)));
        PasteCheck.Holds(repository.Current, acknowledged);
        await repository.DisposeAsync();
        await PasteCheck.RecoversAsync(path, acknowledged);
        foreach (var name in foreign) Assert.Equal("foreign", StockGit.Run(path, "cat-file", "-p", $"main:{name}"));
    }

    [Fact]
    public async Task A_branch_that_the_owner_resets_follows_him_and_what_was_on_it_is_kept_beside()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await OpenAsync(path);
        for (var n = 0; n < 20; n++) await CommitAsync(repository, n);
        await UntilAsync(() => IsRolled(path, repository));
        var last = StockGit.Run(path, "rev-parse", "main");
        StockGit.Run(path, "update-ref", "refs/heads/main", "main~10");
        await UntilAsync(() => repository.Current.RefNames.Any(name => name.StartsWith("refs/pasteur/lost/", StringComparison.Ordinal)));
        await CommitAsync(repository, 20);
        await repository.DisposeAsync();

        PasteCheck.HoldsForGit(path, [.. Enumerable.Range(0, 10), 20]);
        Assert.Equal("11", StockGit.Run(path, "rev-list", "--count", "main"));
        Assert.Equal(last, StockGit.Run(path, "for-each-ref", "--format=%(objectname)", "refs/pasteur/lost"));
        PasteCheck.IsClean(path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_branch_that_is_deleted_under_the_program_is_put_back(bool amongCommits)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var events = new ConcurrentQueue<StoreEvent>();
        var options = new RepositoryOptions { Folder = path, JournalBytes = 64 << 10, IdleRoll = TimeSpan.FromMilliseconds(100), OnEvent = events.Enqueue };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            for (var n = 0; n < 10; n++) await CommitAsync(repository, n);
            await UntilAsync(() => IsRolled(path, repository));
            if (amongCommits) await CommitAsync(repository, 10);
            StockGit.Run(path, "update-ref", "-d", "refs/heads/main");
            await UntilAsync(() => events.Any(e => e.Message.Contains("is put back", StringComparison.Ordinal)));
            await UntilAsync(() => IsRolled(path, repository));
            // As a kill would leave it.
            StockGit.Copy(path, folder["copy.git"]);
        }
        foreach (var left in (string[])[path, folder["copy.git"]])
        {
            PasteCheck.IsClean(left);
            await PasteCheck.RecoversAsync(left, [.. Enumerable.Range(0, amongCommits ? 11 : 10)]);
        }
    }

    // Here the roll itself finds that the ref is gone: the look at all refs comes after it.
    [Fact]
    public async Task A_branch_that_is_deleted_in_the_middle_of_a_roll_is_put_back_by_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var isDeleted = false;
        string? afterRoll = null;
        var options = new RepositoryOptions
        {
            Folder = path,
            IdleRoll = TimeSpan.FromMilliseconds(50),
            FaultPoint = point =>
            {
                // The first roll makes the branch, the second finds it.
                if (point == "roll.visible" && !isDeleted && File.Exists(Path.Combine(path, "refs", "heads", "main")))
                {
                    StockGit.Run(path, "update-ref", "-d", "refs/heads/main");
                    isDeleted = true;
                }
                if (point == "roll.refs" && isDeleted) afterRoll ??= StockGit.Try(path, default, "rev-parse", "--verify", "main").Text.Trim();
            },
        };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            for (var n = 0; n < 2; n++)
            {
                await CommitAsync(repository, n);
                await UntilAsync(() => IsRolled(path, repository));
            }
            await UntilAsync(() => Volatile.Read(ref afterRoll) is not null);
            Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
            Assert.Equal(tip.ToString(), afterRoll);
        }
        await PasteCheck.RecoversAsync(path, [0, 1]);
    }

    // The branch on the disk reaches half of ours when git takes what nothing reaches, and goes on so until the next roll.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_forced_over_ours_and_a_gc_at_once_take_nothing_of_ours(bool isNoticedFirst)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await OpenAsync(path)) for (var n = 0; n < 10; n++) await CommitAsync(repository, n);
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken))
        {
            Commit(path, "forced", careful: false, onto: StockGit.Run(path, "rev-parse", "main~5"));
            if (isNoticedFirst) await UntilAsync(() => IsThere(repository, "forced"));
            StockGit.Run(path, "gc", "-q", "--prune=now");
            await UntilAsync(() => IsThere(repository, "forced"));
            PasteCheck.Holds(repository.Current, [.. Enumerable.Range(0, 10)]);
        }
        PasteCheck.IsClean(path);
        await PasteCheck.RecoversAsync(path, [.. Enumerable.Range(0, 10)]);
    }

    [Fact]
    public async Task A_reset_among_waiting_commits_loses_none_of_those()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await OpenAsync(path)) for (var n = 0; n < 10; n++) await CommitAsync(repository, n);
        var events = new List<StoreEvent>();
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1), OnEvent = events.Add }, TestContext.Current.CancellationToken))
        {
            for (var n = 10; n < 15; n++) await CommitAsync(repository, n);
            StockGit.Run(path, "update-ref", "refs/heads/main", "main~5");
            await UntilAsync(() => repository.Current.RefNames.Any(name => name.StartsWith("refs/pasteur/lost/", StringComparison.Ordinal)));
            PasteCheck.Holds(repository.Current, [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);
        }
        PasteCheck.HoldsForGit(path, [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);
        PasteCheck.HoldsForGit(path, Enumerable.Range(0, 15), StockGit.Run(path, "for-each-ref", "--format=%(objectname)", "refs/pasteur/lost"));
        PasteCheck.IsClean(path);
    }

    [Fact]
    public async Task A_branch_that_is_pushed_into_the_folder_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await OpenAsync(path);
        var tip = ObjectId.Parse(Commit(path, "first", careful: true, branch: "main", onto: ""));
        await UntilAsync(() => repository.Current.TryGetRef("refs/heads/main", out var id) && id == tip);
        await CommitAsync(repository, 1);
        var side = ObjectId.Parse(Commit(path, "side", careful: true, branch: "a/side", onto: ""));
        await UntilAsync(() => repository.Current.TryGetRef("refs/heads/a/side", out var id) && id == side);
        await repository.DisposeAsync();
        Assert.Equal(tip.ToString(), StockGit.Run(path, "rev-parse", "main~1"));
        await PasteCheck.RecoversAsync(path, [1]);
    }

    [Fact]
    public async Task Foreign_commits_made_while_journals_wait_are_never_taken_off_the_branch()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        string? foreign = null;
        var isIn = false;
        var looked = 0;
        var options = new RepositoryOptions
        {
            Folder = path,
            JournalBytes = 8 << 10,
            IdleRoll = TimeSpan.FromHours(1),
            OnEvent = e => isIn |= e.Message.Contains("brought in", StringComparison.Ordinal),
            FaultPoint = point =>
            {
                // Several journals are sealed by now; the first one's refs are about to be written.
                if (point == "roll.visible" && foreign is null && looked++ == 2)
                {
                    Thread.Sleep(300);
                    Commit(path, "foreign", careful: true);
                    foreign = StockGit.Run(path, "log", "-1", "--format=%H", "main", "--", "foreign");
                }
                if (point == "roll.refs" && foreign is not null)
                    Assert.Equal(0, StockGit.Try(path, default, "merge-base", "--is-ancestor", foreign, "main").ExitCode);
            },
        };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            for (var n = 0; n < 400; n++) await CommitAsync(repository, n);
            // A store that closes first leaves it to the next start.
            await UntilAsync(() => Volatile.Read(ref isIn));
        }
        Assert.Equal(0, StockGit.Try(path, default, "merge-base", "--is-ancestor", foreign!, "main").ExitCode);
        await PasteCheck.RecoversAsync(path, [.. Enumerable.Range(0, 400)]);
    }

    [Fact]
    public async Task Killed_between_a_foreign_commit_and_the_next_roll_both_sides_are_there()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        await CommitAsync(repository, 0);
        await repository.DisposeAsync();
        await using var live = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        await CommitAsync(live, 1);

        // Killed before it was noticed, and after.
        StockGit.Copy(path, folder["before.git"]);
        Commit(folder["before.git"], "foreign", careful: true);
        Commit(path, "foreign", careful: true);
        await UntilAsync(() => IsThere(live, "foreign"));
        StockGit.Copy(path, folder["after.git"]);
        foreach (var copy in (string[])["before.git", "after.git"])
        {
            await using (var recovered = await Repository.OpenAsync(new RepositoryOptions { Folder = folder[copy] }, TestContext.Current.CancellationToken))
            {
                await UntilAsync(() => IsThere(recovered, "foreign"));
                PasteCheck.Holds(recovered.Current, [0, 1]);
            }
            await PasteCheck.RecoversAsync(folder[copy], [0, 1]);
            Assert.Equal("foreign", StockGit.Run(folder[copy], "cat-file", "-p", "main:foreign"));
        }
    }

    private static async Task<Repository> OpenAsync(string path) =>
        await Repository.OpenAsync(new RepositoryOptions { Folder = path, JournalBytes = 64 << 10, IdleRoll = TimeSpan.FromMilliseconds(100) }, TestContext.Current.CancellationToken);

    private static async Task CommitAsync(Repository repository, int n) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken));

    private static bool IsThere(Repository repository, string name) =>
        repository.Current.TryGetRef("refs/heads/main", out var tip) && repository.Current.Find(tip, name) is not null;

    private static bool IsRolled(string path, Repository repository) =>
        repository.Current.TryGetRef("refs/heads/main", out var tip) && StockGit.Try(path, default, "rev-parse", "-q", "--verify", "main").Text.Trim() == tip.ToString();

    /// <summary>A commit that adds a file. Careful: the branch moves only if it is still what the commit was made on.</summary>
    private static string Commit(string path, string file, bool careful, string branch = "main", string? onto = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            Assert.True(attempt < 200, $"{file} cannot be committed");
            var tip = onto ?? StockGit.Run(path, "rev-parse", branch);
            var from = tip.Length == 0 ? "" : $"from {tip}\n";
            var script = string.Create(CultureInfo.InvariantCulture, $"commit refs/owner/{file}\ncommitter Owner <o@example.org> 1700000000 +0000\ndata 4\nmine\n{from}M 100644 inline {file}\ndata 7\nforeign\n");
            StockGit.RunWithInput(path, Encoding.ASCII.GetBytes(script), "fast-import", "--quiet", "--force");
            var made = StockGit.Run(path, "rev-parse", $"refs/owner/{file}");
            string[] expected = careful ? [tip.Length == 0 ? new string('0', 40) : tip] : [];
            if (StockGit.Try(path, default, ["update-ref", $"refs/heads/{branch}", made, .. expected]).ExitCode != 0) continue;
            StockGit.Run(path, "update-ref", "-d", $"refs/owner/{file}");
            return onto is null ? file : made;
        }
    }

    /// <summary>A clone, a commit, a push, until one is taken. A writer that moves the branch meanwhile wins; <paramref name="beaten"/> tells him.</summary>
    private static string Push(TemporaryFolder folder, string path, string file, Action beaten)
    {
        for (var attempt = 0; ; attempt++)
        {
            Assert.True(attempt < 200, $"{file} cannot be pushed");
            // Bare: what is already there need not be checked out each time.
            var clone = folder[$"{file}-{attempt}.git"];
            StockGit.Run(folder.Path, "clone", "-q", "--bare", "--no-local", "--depth=1", path, clone);
            Commit(clone, file, careful: true);
            var pushed = StockGit.Try(clone, default, "push", "-q", path, "main:main").ExitCode == 0;
            Directory.Delete(clone, recursive: true);
            if (pushed) return file;
            beaten();
        }
    }

    private static async Task UntilAsync(Func<bool> isDone)
    {
        for (var wait = 0; !isDone(); wait++)
        {
            Assert.True(wait < 300, "it does not come about");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
