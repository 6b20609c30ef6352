using Pasteur.Git;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests;

public sealed class RepositoryFolderTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task Of_two_journals_with_the_same_sequence_the_later_one_tells_where_the_refs_are(int earlier, int later)
    {
        using var folder = new TemporaryFolder();
        await using (var repository = await OpenAsync(folder["base.git"]))
            await CommitAsync(repository, 0);
        var tips = new Dictionary<int, ObjectId>();
        foreach (var n in (int[])[1, 2]) tips[n] = await WriteJournalAsync(folder, n);

        StockGit.Copy(folder["base.git"], folder["both.git"]);
        PutJournal(folder, earlier, number: 1);
        PutJournal(folder, later, number: 2);

        await using (var repository = await OpenAsync(folder["both.git"]))
        {
            Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
            Assert.Equal(tips[later], tip);
        }
        await PasteCheck.RecoversAsync(folder["both.git"], [0, later]);
    }

    /// <summary>Leaves n.git as a kill after one commit of its own would; each begins to count at the same number.</summary>
    private static async Task<ObjectId> WriteJournalAsync(TemporaryFolder folder, int n)
    {
        StockGit.Copy(folder["base.git"], folder["live.git"]);
        await using var repository = await OpenAsync(folder["live.git"]);
        var made = await CommitAsync(repository, n);
        Assert.Equal(1, made.Sequence);
        StockGit.Copy(folder["live.git"], folder[$"{n}.git"]);
        await repository.DisposeAsync();
        Directory.Delete(folder["live.git"], recursive: true);
        return made.Commit;
    }

    private static void PutJournal(TemporaryFolder folder, int n, int number)
    {
        var journal = Assert.Single(Directory.GetFiles(Path.Combine(folder[$"{n}.git"], "pasteur", "journals")));
        File.Copy(journal, Path.Combine(folder["both.git"], "pasteur", "journals", Journal.FileName(number, Journal.MarkOf(journal))));
    }

    private static async Task<Repository> OpenAsync(string path) =>
        await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);

    private static async Task<CommitOutcome.Committed> CommitAsync(Repository repository, int n) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken));
}
