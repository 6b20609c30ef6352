using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Refs;

public sealed class RefBackupTests
{
    [Theory]
    [InlineData("")]
    [InlineData("not an id\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public async Task A_torn_ref_file_is_restored_and_said_so(string garbage)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await CommitAsync(path, PasteCommit.Id(1), []);
        var tip = StockGit.Run(path, "rev-parse", "main");
        await File.WriteAllTextAsync(Path.Combine(path, "refs", "heads", "main"), garbage, TestContext.Current.CancellationToken);

        var events = new List<StoreEvent>();
        await CommitAsync(path, PasteCommit.Id(2), events);

        Assert.Contains(events, e => e.Warning && e.Message.Contains("refs/heads/main", StringComparison.Ordinal) && e.Message.Contains(tip, StringComparison.Ordinal));
        Assert.Equal(tip, StockGit.Run(path, "rev-parse", "main~1"));
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public async Task A_branch_that_its_owner_deleted_is_not_brought_back_from_the_copy()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await CommitAsync(path, PasteCommit.Id(1), []);
        StockGit.Run(path, "update-ref", "-d", "refs/heads/main");
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path }, TestContext.Current.CancellationToken);
        Assert.False(repository.Current.TryGetRef("refs/heads/main", out _));
    }

    private static async Task CommitAsync(string path, string id, List<StoreEvent> events)
    {
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, OnEvent = events.Add }, TestContext.Current.CancellationToken);
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(id, "text"), TestContext.Current.CancellationToken));
    }
}
