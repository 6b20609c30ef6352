using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Forgetting;

/// <summary>The program is killed at each step of taking a branch away and of the purge. What was to stay stays, what was to go goes.</summary>
public sealed class KilledWhileForgettingTests
{
    [Theory]
    [InlineData("forget.listed", false)]
    [InlineData("forget.dropped", false)]
    [InlineData("copied", true)]
    [InlineData("synced", true)]
    [InlineData("keep", true)]
    [InlineData("pack", true)]
    [InlineData("idx", true)]
    [InlineData("visible", true)]
    [InlineData("purge.pack", true)]
    [InlineData("removed.idx", true)]
    [InlineData("removed.pack", true)]
    public async Task Either_the_branch_is_there_whole_or_it_is_gone_and_the_next_run_ends_it(string step, bool wasAcknowledged)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var killed = ChildProgram.Start(new ChildProgram.Work(path, step, Writers: ChildProgram.Forgetting, Commits: 30));
        Assert.True(killed.ExitCode == 128 + 9, $"The child was not killed at {step}: {killed.ExitCode} {killed.Errors}");
        Assert.Equal(wasAcknowledged, killed.Refused.Contains("dropped"));
        PasteCheck.IsClean(path);

        var options = new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromMilliseconds(50), KeepMerged = TimeSpan.Zero, PurgeEvery = TimeSpan.FromMilliseconds(100) };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            var isThere = repository.Current.TryGetRef($"refs/heads/{ChildProgram.Branch}", out var tip);
            Assert.False(isThere && wasAcknowledged, "a branch that was taken away is back");
            if (isThere)
            {
                foreach (var n in Enumerable.Range(0, 30).Where(n => n % 3 != 0)) Assert.NotNull(repository.Current.Find(tip, PasteCommit.FolderOf(PasteCommit.Id(n)) + "/paste.txt"));
                Assert.Null(await repository.DropAsync([ChildProgram.Branch], TestContext.Current.CancellationToken));
            }
            await ForgettingTests.UntilAsync(() => ForgettingTests.IsForgotten(path, ChildProgram.Canary));
            PasteCheck.Holds(repository.Current, killed.Acknowledged);
            PasteCheck.IsClean(path);
        }
        await PasteCheck.RecoversAsync(path, killed.Acknowledged);
        Assert.False(ForgettingTests.Has(path, ChildProgram.Canary));
    }
}
