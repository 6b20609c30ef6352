using Pasteur.Git;
using Pasteur.Tests.Commits;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Forgetting;

/// <summary>The program is killed at each step of an erasure. Either all refs are as before, or all are without the paste; the next run ends it.</summary>
public sealed class KilledWhileErasingTests
{
    [Theory]
    [InlineData("erase.looked", 0, false)]
    [InlineData("erase.slice", 0, false)]
    [InlineData("erase.slice", 1, false)]
    [InlineData("forget.listed", 0, false)]
    [InlineData("forget.dropped", 0, false)]
    [InlineData("roll.reached", 1, true)]
    [InlineData("roll.refs", 1, true)]
    [InlineData("copied", 0, true)]
    [InlineData("visible", 0, true)]
    [InlineData("purge.pack", 0, true)]
    [InlineData("removed.idx", 0, true)]
    public async Task Either_it_is_there_whole_or_it_is_gone_from_all_refs(string step, int skip, bool mayBeAcknowledged)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var killed = ChildProgram.Start(new ChildProgram.Work(path, step, skip, Writers: ChildProgram.Erasing, Commits: 150, JournalBytes: 4 << 20));
        Assert.True(killed.ExitCode == 128 + 9, $"The child was not killed at {step}: {killed.ExitCode} {killed.Errors}");
        var wasAcknowledged = killed.Refused.Contains("erased");
        Assert.True(mayBeAcknowledged || !wasAcknowledged);
        PasteCheck.IsClean(path);

        var options = new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromMilliseconds(50), KeepMerged = TimeSpan.Zero, PurgeEvery = TimeSpan.FromMilliseconds(100) };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            Assert.False(repository.Current.TryGetRef("refs/pasteur/erasing", out _));
            repository.Current.TryGetRef("refs/heads/main", out var tip);
            var isThere = repository.Current.Find(tip, PasteCommit.FolderOf(PasteCommit.Id(5))) is not null;
            Assert.False(isThere && wasAcknowledged, "what was erased is back");
            if (isThere) Assert.NotEmpty(Assert.IsType<EraseOutcome.Erased>(await repository.EraseAsync(HistoryRewriteTests.Request(PasteCommit.Id(5)) with { Marks = [] }, TestContext.Current.CancellationToken)).Refs);
            await ForgettingTests.UntilAsync(() => ForgettingTests.IsForgotten(path, ChildProgram.Canary));
            PasteCheck.Holds(repository.Current, killed.Acknowledged);
            PasteCheck.IsClean(path);
        }
        await PasteCheck.RecoversAsync(path, killed.Acknowledged);
        Assert.DoesNotContain(PasteCommit.Id(5), StockGit.Run(path, "rev-list", "--objects", "--all"), StringComparison.Ordinal);
        Assert.False(ForgettingTests.Has(path, ChildProgram.Canary));
    }
}
