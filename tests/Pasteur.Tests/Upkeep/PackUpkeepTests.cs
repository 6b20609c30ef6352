using System.Text;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Upkeep;

public sealed class PackUpkeepTests
{
    [Fact]
    public async Task Many_rolls_leave_few_packs_and_lose_nothing()
    {
        const int Pastes = 1500;
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var options = new RepositoryOptions { Folder = path, JournalBytes = 32 << 10 };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            for (var n = 0; n < Pastes; n += 50)
                await Task.WhenAll(Enumerable.Range(n, 50).Select(i => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(i), $"text {i}"), default).AsTask()));
            await UntilAsync(() => repository.Health is { JournalBytes: < 100, Packs: >= 1 and <= 6 });

            var snapshot = repository.Current;
            Assert.True(snapshot.TryGetRef("refs/heads/main", out var tip));
            for (var n = 0; n < Pastes; n++)
                Assert.Equal($"text {n}", Encoding.UTF8.GetString(snapshot.ReadBlob(snapshot.Find(tip, $"{PasteCommit.FolderOf(PasteCommit.Id(n))}/paste.txt")!.Value.Id)));
        }
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
        Assert.Equal($"{Pastes}", StockGit.Run(path, "rev-list", "--count", "main"));
    }

    // The second: a merge that finds the disk full gives back what is there for others only.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Merged_packs_stay_for_those_who_have_them_in_mind_until_space_is_short(bool isFull)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var fails = false;
        var options = new RepositoryOptions
        {
            Folder = path,
            JournalBytes = 32 << 10,
            IdleRoll = TimeSpan.FromMilliseconds(100),
            KeepMerged = TimeSpan.FromHours(1),
            FaultPoint = step =>
            {
                if (step == "copied" && Volatile.Read(ref fails)) throw new IOException("No space left on device", 28);
            },
        };
        int live;
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            await PasteAndRollAsync(repository, 0);
            await PasteAndRollAsync(repository, 100);
            await UntilAsync(() => Files() > repository.Health.Packs);
            StockGit.Run(path, "fsck", "--strict", "--no-dangling");
            if (isFull)
            {
                Volatile.Write(ref fails, true);
                await PasteAndRollAsync(repository, 200);
                await UntilAsync(() => Files() == repository.Health.Packs);
            }
            else
            {
                // Longer than the upkeep sleeps.
                await Task.Delay(2500, TestContext.Current.CancellationToken);
                Assert.True(Files() > repository.Health.Packs);
            }
            live = repository.Health.Packs;
        }
        // Closing may roll once more.
        Assert.InRange(Files(), 1, live + 1);
        PasteCheck.IsClean(path);

        int Files() => Directory.GetFiles(Path.Combine(path, "objects", "pack"), "*.pack").Length;
    }

    [Fact]
    public async Task A_pack_that_the_owners_git_takes_away_while_it_is_written_is_written_again_and_what_was_merged_before_stays()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var pack = Path.Combine(path, "objects", "pack");
        string[] merged = [];
        var pruned = 0;
        var options = new RepositoryOptions
        {
            Folder = path,
            JournalBytes = 32 << 10,
            IdleRoll = TimeSpan.FromMilliseconds(100),
            KeepMerged = TimeSpan.FromHours(1),
            FaultPoint = step =>
            {
                if (step != "copied" || Volatile.Read(ref merged).Length == 0 || Interlocked.Increment(ref pruned) > 1) return;
                StockGit.Run(path, "prune", "--expire=now");
                Assert.Empty(Directory.GetFiles(pack, "tmp_*"));
            },
        };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            await PasteAndRollAsync(repository, 0);
            await PasteAndRollAsync(repository, 100);
            await UntilAsync(() => Directory.GetFiles(pack, "*.pack").Length > repository.Health.Packs);
            Volatile.Write(ref merged, Directory.GetFiles(pack, "*.pack"));
            await PasteAndRollAsync(repository, 200);
            await UntilAsync(() => Volatile.Read(ref pruned) > 1);

            Assert.All(merged, old => Assert.True(File.Exists(old), old));
        }
        PasteCheck.IsClean(path);
    }

    private static async Task PasteAndRollAsync(Repository repository, int first)
    {
        for (var n = first; n < first + 100; n++) await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), CancellationToken.None);
        await UntilAsync(() => repository.Health.JournalBytes < 100);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            Assert.True(tries < 600, "not so after 60 s");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
