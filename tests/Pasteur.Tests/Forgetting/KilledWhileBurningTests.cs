using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Forgetting;

/// <summary>The program is killed between the tombstone of a burnt or deleted paste and the end of its branch. It is never shown again, and goes with the next run.</summary>
public sealed class KilledWhileBurningTests
{
    /// <param name="skip">Of "committed": the paste, that it was opened, the tombstone.</param>
    [Theory]
    [InlineData("committed", 1, false)]
    [InlineData("committed", 2, false)]
    [InlineData("committed", 1, true)]
    [InlineData("committed", 2, true)]
    [InlineData("forget.listed", 0, false)]
    [InlineData("forget.dropped", 0, false)]
    [InlineData("forget.listed", 0, true)]
    [InlineData("purge.pack", 0, false)]
    [InlineData("removed.idx", 0, false)]
    public async Task It_is_shown_to_nobody_and_forgotten_by_the_next_run(string step, int skip, bool isDeletion)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var killed = ChildProgram.Start(new ChildProgram.Work(path, step, skip, Writers: ChildProgram.Burning, Commits: isDeletion ? 2 : 1));
        Assert.True(killed.ExitCode == 128 + 9, $"The child was not killed at {step}: {killed.ExitCode} {killed.Errors}");
        PasteCheck.IsClean(path);

        var options = new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromMilliseconds(50), KeepMerged = TimeSpan.Zero, PurgeEvery = TimeSpan.FromMilliseconds(100) };
        await using (var repository = await Repository.OpenAsync(options, cancel))
        {
            var store = new PasteStoreOptions { Branch = "main", IdLength = 10, Server = "me" };
            var pastes = PasteStore.Open(repository, store);
            // A kill before it was answered that the paste is burnt or deleted may leave its branch with the paste in no tree.
            var code = killed.Refused.FirstOrDefault(line => line.StartsWith("burnt ", StringComparison.Ordinal))?[6..] ?? repository.Current.RefNames.Select(name => Bucket.BurningCode(name["refs/heads/".Length..])).First(name => name is not null)!;
            Assert.Null(await pastes.FindAnyAsync(code, cancel));
            Assert.IsType<OpenOutcome.NotThere>(await pastes.OpenAsync(code, null, cancel));
            if (!isDeletion) Assert.Equal(PasteFate.Read, pastes.FateOf(code));
            await new BurnSweep(repository, pastes, store, waitsForRemote: false).SweepAsync(cancel);
            Assert.DoesNotContain(repository.Current.RefNames, name => name.Contains("burn-", StringComparison.Ordinal));
            Assert.IsType<OpenOutcome.NotThere>(await pastes.OpenAsync(code, null, cancel));
            await ForgettingTests.UntilAsync(() => ForgettingTests.IsForgotten(path, ChildProgram.Canary));
            PasteCheck.IsClean(path);
        }
        await using var again = await Repository.OpenAsync(options, cancel);
        Assert.False(ForgettingTests.Has(path, ChildProgram.Canary));
        PasteCheck.IsClean(path);
    }
}
