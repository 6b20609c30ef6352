using System.Collections.Concurrent;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Upkeep;

/// <summary>The folder is taken away under the program, as by an unmount: its open files go on taking what nobody would find again.</summary>
public sealed class GoneFolderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_more_is_acknowledged_or_made_in_its_place_until_it_is_back(bool isRolled)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var events = new ConcurrentQueue<StoreEvent>();
        var options = new RepositoryOptions { Folder = path, IdleRoll = isRolled ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromHours(1), OnEvent = events.Enqueue };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            Assert.IsType<CommitOutcome.Committed>(await CommitAsync(repository, 0));
            if (isRolled) await UntilAsync(() => StockGit.Try(path, default, "rev-parse", "-q", "--verify", "main").ExitCode == 0);
            Directory.Move(path, folder["elsewhere"]);

            Assert.False(repository.Health.Writable);
            Assert.Contains("is gone", repository.Health.Problem, StringComparison.Ordinal);
            Assert.IsType<CommitOutcome.Unavailable>(await CommitAsync(repository, 1));
            // Two looks of the upkeep.
            await UntilAsync(() => events.Any(e => e.Warning && e.Message.Contains("is gone", StringComparison.Ordinal)));
            await Task.Delay(1200, TestContext.Current.CancellationToken);
            Assert.False(Directory.Exists(path), "something was made in its place");
            PasteCheck.Holds(repository.Current, [0]);

            Directory.Move(folder["elsewhere"], path);
            await UntilAsync(() => repository.Health.Writable);
            Assert.IsType<CommitOutcome.Committed>(await CommitAsync(repository, 2));
        }
        await PasteCheck.RecoversAsync(path, [0, 2]);
    }

    private static async Task<CommitOutcome> CommitAsync(Repository repository, int n) =>
        await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken);

    private static async Task UntilAsync(Func<bool> isDone)
    {
        for (var wait = 0; !isDone(); wait++)
        {
            Assert.True(wait < 300, "it does not come about");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
