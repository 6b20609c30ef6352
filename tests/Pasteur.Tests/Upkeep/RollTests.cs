using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Upkeep;

public sealed class RollTests
{
    [Fact]
    public async Task Dozens_of_rolls_while_writers_write_and_readers_read_lose_nothing()
    {
        const int Pastes = 4000;
        using var folder = new TemporaryFolder();
        var rolls = 0;
        var options = new RepositoryOptions { Folder = folder["repo.git"], JournalBytes = 64 << 10, FaultPoint = point => rolls += point == "roll.done" ? 1 : 0 };
        await using var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken);
        await CommitAsync(repository, 0, 50);
        var early = repository.Current;
        using var reading = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                var looks = 0;
                for (; !reading.IsCancellationRequested; looks++) PasteCheck.Holds(early, Enumerable.Range(0, 50));
                return looks;
            },
            TestContext.Current.CancellationToken)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(() => CommitAsync(repository, 50 + writer * Pastes / 16, Pastes / 16), TestContext.Current.CancellationToken)));
        await reading.CancelAsync();
        Assert.All(await Task.WhenAll(readers), looks => Assert.True(looks > 0));
        var snapshot = repository.Current;
        PasteCheck.Holds(snapshot, Enumerable.Range(0, Pastes));
        await repository.DisposeAsync();

        Assert.True(rolls > 24, $"only {rolls} rolls");
        PasteCheck.Holds(early, Enumerable.Range(0, 50));
        PasteCheck.Holds(snapshot, Enumerable.Range(0, Pastes));
        await PasteCheck.RecoversAsync(folder["repo.git"], [.. Enumerable.Range(0, Pastes)]);
    }

    [Fact]
    public async Task A_store_at_rest_is_rolled_so_that_stock_git_sees_its_commits()
    {
        using var folder = new TemporaryFolder();
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["repo.git"], IdleRoll = TimeSpan.FromMilliseconds(100) }, TestContext.Current.CancellationToken);
        for (var round = 0; round < 3; round++)
        {
            await CommitAsync(repository, 10 * round, 10);
            await UntilAsync(() => IsRolled(folder["repo.git"], repository));
            PasteCheck.IsClean(folder["repo.git"]);
            PasteCheck.HoldsForGit(folder["repo.git"], Enumerable.Range(0, 10 * round + 10));
            PasteCheck.Holds(repository.Current, Enumerable.Range(0, 10 * round + 10));
        }
    }

    /// <summary>
    /// A run was killed between the last step of a roll and the removal of the journal. A git repack that has chosen the pack for removal by
    /// now, and honours a .keep that appears after, would leave its objects nowhere.
    /// </summary>
    [Fact]
    public async Task A_journal_whose_pack_is_there_already_is_rolled_without_a_keep_beside_it()
    {
        using var folder = new TemporaryFolder();
        var saved = folder["saved"];
        var seen = new List<string>();
        var options = new RepositoryOptions { Folder = folder["repo.git"] };
        await using (var repository = await Repository.OpenAsync(options with { FaultPoint = SaveJournal }, TestContext.Current.CancellationToken))
        {
            await CommitAsync(repository, 0, 20);
        }
        var pack = Assert.Single(Directory.GetFiles(folder["repo.git/objects/pack"], "*.pack"));
        Assert.Empty(Directory.GetFiles(folder["repo.git/objects/pack"], "*.keep"));
        var path = File.ReadAllText(saved + ".path");
        File.Copy(saved, path);

        await using (var repository = await Repository.OpenAsync(options with { FaultPoint = LookForKeep }, TestContext.Current.CancellationToken))
        {
            await UntilAsync(() => !File.Exists(path));
            PasteCheck.Holds(repository.Current, Enumerable.Range(0, 20));
        }
        Assert.Contains("roll.keep: none", seen);
        Assert.DoesNotContain(seen, step => step.EndsWith("keep!", StringComparison.Ordinal));
        Assert.Equal([pack], Directory.GetFiles(folder["repo.git/objects/pack"], "*.pack"));
        PasteCheck.IsClean(folder["repo.git"]);

        void SaveJournal(string point)
        {
            if (point != "roll.start" || File.Exists(saved)) return;
            var journal = Directory.GetFiles(folder["repo.git"], "*", SearchOption.AllDirectories).Single(file => file.Contains("journal-", StringComparison.Ordinal) && new FileInfo(file).Length > 1000);
            File.Copy(journal, saved);
            File.WriteAllText(saved + ".path", journal);
        }

        void LookForKeep(string point)
        {
            if (point.StartsWith("roll.", StringComparison.Ordinal)) seen.Add($"{point}: {(File.Exists(Path.ChangeExtension(pack, ".keep")) ? "keep!" : "none")}");
        }
    }

    [Fact]
    public async Task In_memory_it_is_the_same_store_and_nothing_touches_a_disk()
    {
        const int Pastes = 3000;
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { JournalBytes = 64 << 10 }, TestContext.Current.CancellationToken);
        await CommitAsync(repository, 0, 10);
        var early = repository.Current;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() => CommitAsync(repository, 10 + writer * Pastes / 8, Pastes / 8), TestContext.Current.CancellationToken)));
        PasteCheck.Holds(early, Enumerable.Range(0, 10));
        PasteCheck.Holds(repository.Current, Enumerable.Range(0, Pastes));
        Assert.True(repository.Health.Writable);

        Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
        using var remote = new StockRepository();
        using var pack = new MemoryStream();
        await repository.PlanPush(tip, null, int.MaxValue).WriteAsync(pack, TestContext.Current.CancellationToken);
        remote.GitBytes(pack.ToArray(), "index-pack", "--stdin", "--strict");
        remote.Git("update-ref", "refs/heads/main", tip.ToString());
        PasteCheck.IsClean(remote.Path);
        PasteCheck.HoldsForGit(remote.Path, Enumerable.Range(0, Pastes));
    }

    [Fact]
    public async Task While_the_owner_holds_a_refs_lock_commits_go_on_and_the_journal_stays()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var held = Path.Combine(path, "refs", "heads", "main.lock");
        var events = new List<StoreEvent>();
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, JournalBytes = 16 << 10, IdleRoll = TimeSpan.FromMilliseconds(50), OnEvent = events.Add }, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(held, "", TestContext.Current.CancellationToken);
        await CommitAsync(repository, 0, 200);
        await UntilAsync(() => { lock (events) return events.ToArray().Any(e => e.Warning && e.Message.Contains("lock", StringComparison.Ordinal)); });
        // A second attempt, too.
        await Task.Delay(2600, TestContext.Current.CancellationToken);
        Assert.True(repository.Health.Packs <= 2, $"{repository.Health.Packs} packs of one journal");

        // Killed now, it has all of it still in journals.
        StockGit.Copy(path, folder["copy.git"]);
        File.Delete(Path.Combine(folder["copy.git"], "refs", "heads", "main.lock"));
        await PasteCheck.RecoversAsync(folder["copy.git"], [.. Enumerable.Range(0, 200)]);

        Assert.True(File.Exists(held), "the owner's lock was removed");
        await CommitAsync(repository, 200, 10);
        File.Delete(held);
        await UntilAsync(() => IsRolled(path, repository));
        await repository.DisposeAsync();
        await PasteCheck.RecoversAsync(path, [.. Enumerable.Range(0, 210)]);
    }

    [Fact]
    public async Task Nothing_is_seen_or_answered_before_it_is_durable()
    {
        using var folder = new TemporaryFolder();
        using var atSync = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var blocked = false;
        Repository? repository = null;
        var options = new RepositoryOptions
        {
            Folder = folder["repo.git"],
            FaultPoint = point =>
            {
                if (point != "journal.append" || !blocked) return;
                atSync.Set();
                goOn.Wait();
            },
        };
        repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken);
        await CommitAsync(repository, 0, 1);
        var sequence = repository.Current.Sequence;
        blocked = true;
        var commit = repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), PasteCommit.Text(1)), TestContext.Current.CancellationToken).AsTask();
        atSync.Wait(TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(commit.IsCompleted, "answered before it was written");
        Assert.Equal(sequence, repository.Current.Sequence);
        Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
        Assert.Null(repository.Current.Find(tip, PasteCommit.FolderOf(PasteCommit.Id(1))));
        blocked = false;
        goOn.Set();
        var committed = Assert.IsType<CommitOutcome.Committed>(await commit);
        Assert.Equal(sequence + 1, committed.Sequence);
        PasteCheck.Holds(repository.Current, [0, 1]);
        await repository.DisposeAsync();
    }

    private static bool IsRolled(string path, Repository repository) =>
        repository.Current.TryGetRef("refs/heads/main", out var tip)
        && StockGit.Try(path, default, "rev-parse", "-q", "--verify", "main").Text.Trim() == tip.ToString()
        && repository.Health.JournalBytes <= 12;

    private static async Task CommitAsync(Repository repository, int from, int count)
    {
        for (var n = from; n < from + count; n++)
        {
            var outcome = await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), CancellationToken.None);
            if (outcome is not CommitOutcome.PathTaken) Assert.IsType<CommitOutcome.Committed>(outcome);
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
