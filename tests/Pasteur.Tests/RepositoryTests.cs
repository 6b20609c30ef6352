using System.Text;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests;

public sealed class RepositoryTests
{
    [Fact]
    public async Task Commits_of_many_writers_are_read_back_and_found_by_stock_git()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, OnEvent = e => TestContext.Current.SendDiagnosticMessage(e.Message) }, TestContext.Current.CancellationToken);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2000).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), $"text {n}"), default).AsTask()));
        Assert.All(outcomes, outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
        var snapshot = repository.Current;
        Assert.True(snapshot.TryGetRef("refs/heads/main", out var tip));
        for (var n = 0; n < 2000; n++)
        {
            var entry = snapshot.Find(tip, PasteCommit.FolderOf(PasteCommit.Id(n)) + "/paste.txt");
            Assert.Equal($"text {n}", Encoding.UTF8.GetString(snapshot.ReadBlob(entry!.Value.Id)));
        }
        await repository.DisposeAsync();

        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
        Assert.Equal("2000", StockGit.Run(path, "rev-list", "--count", "main"));
        Assert.Equal("text 7", StockGit.Run(path, "cat-file", "-p", $"main:{PasteCommit.FolderOf(PasteCommit.Id(7))}/paste.txt"));
        Assert.Empty(Directory.GetFiles(Path.Combine(path, "pasteur", "journals")));
        Assert.Empty(Directory.GetFiles(Path.Combine(path, "objects", "pack"), "*.keep"));
    }

    [Fact]
    public async Task A_store_that_was_at_rest_when_it_closed_leaves_no_journal()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromMilliseconds(50) }, TestContext.Current.CancellationToken))
        {
            Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of("abcd", "text"), TestContext.Current.CancellationToken));
            for (var wait = 0; wait < 100 && !File.Exists(Path.Combine(path, "refs", "heads", "main")); wait++) await Task.Delay(100, TestContext.Current.CancellationToken);
            // What the roll tells the writer afterwards makes it begin a journal.
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(path, "pasteur", "journals")));
    }
}
