using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

public sealed class IntegrateBesideCommitsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tip_that_is_brought_in_among_new_commits_drops_none_of_them(bool onDisk)
    {
        const int Pastes = 400;
        using var folder = new TemporaryFolder();
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = onDisk ? folder["r.git"] : null }, TestContext.Current.CancellationToken);
        var foreign = Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of("foreign", "theirs", "other"), TestContext.Current.CancellationToken));

        // Queued together, so that the writer takes them in one batch.
        var before = Enumerable.Range(0, Pastes).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), $"text {n}"), default).AsTask()).ToArray();
        var integrated = repository.IntegrateAsync("main", foreign.Commit, RewindPolicy.Replay, TestContext.Current.CancellationToken).AsTask();
        var after = Enumerable.Range(Pastes, Pastes).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), $"text {n}"), default).AsTask()).ToArray();
        Assert.All(await Task.WhenAll([.. before, .. after]), outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
        Assert.IsNotType<IntegrateOutcome.Unavailable>(await integrated);

        var snapshot = repository.Current;
        Assert.True(snapshot.TryGetRef("refs/heads/main", out var tip));
        Assert.All(Enumerable.Range(0, 2 * Pastes), n => Assert.NotNull(snapshot.Find(tip, PasteCommit.FolderOf(PasteCommit.Id(n)))));
        Assert.NotNull(snapshot.Find(tip, PasteCommit.FolderOf("foreign")));
    }
}
