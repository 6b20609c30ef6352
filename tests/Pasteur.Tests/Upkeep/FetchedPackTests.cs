using System.Text;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Upkeep;

/// <summary>A pack that a fetch has brought, while no ref reaches it yet.</summary>
public sealed class FetchedPackTests
{
    [Fact]
    public async Task After_a_failed_integration_the_owners_gc_destroys_nothing_of_it_and_the_next_try_finds_it()
    {
        using var folder = new TemporaryFolder();
        using var theirs = new StockRepository();
        var tip = theirs.FillWithHistory(3);
        var path = folder["repo.git"];
        var fails = false;
        var options = new RepositoryOptions
        {
            Folder = path,
            IdleRoll = TimeSpan.FromMilliseconds(50),
            FaultPoint = point =>
            {
                if (point == "journal.append" && fails) throw new IOException("the disk is full");
            },
        };
        await using var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken);
        await CommitAsync(repository, 0);
        var pack = theirs.GitBytes(Encoding.ASCII.GetBytes($"{tip}\n"), "pack-objects", "--revs", "--stdout", "-q");
        await repository.IngestAsync(new MemoryStream(pack), [], TestContext.Current.CancellationToken);

        fails = true;
        Assert.IsType<IntegrateOutcome.Unavailable>(await repository.IntegrateAsync("main", tip, RewindPolicy.Replay, TestContext.Current.CancellationToken));
        fails = false;
        await UntilAsync(() => repository.Health.Writable);
        // Rolls of others' commits release packs: not this one.
        for (var n = 1; n < 4; n++)
        {
            await CommitAsync(repository, n);
            await UntilAsync(() => IsRolled(path, repository));
        }
        StockGit.Run(path, "gc", "-q", "--prune=now");

        var wanted = theirs.GitBytes(default, "rev-list", "--objects", "--no-object-names", tip.ToString());
        Assert.DoesNotContain("missing", Encoding.ASCII.GetString(StockGit.RunWithInput(path, wanted, "cat-file", "--batch-check")), StringComparison.Ordinal);
        Assert.IsType<IntegrateOutcome.Replayed>(await repository.IntegrateAsync("main", tip, RewindPolicy.Replay, TestContext.Current.CancellationToken));
        await repository.DisposeAsync();
        StockGit.Run(path, "gc", "-q", "--prune=now");
        await PasteCheck.RecoversAsync(path, [0, 1, 2, 3]);
        StockGit.Run(path, "merge-base", "--is-ancestor", tip.ToString(), "main");
    }

    private static bool IsRolled(string path, Repository repository) =>
        repository.Current.TryGetRef("refs/heads/main", out var tip)
        && StockGit.Try(path, default, "rev-parse", "-q", "--verify", "main").Text.Trim() == tip.ToString()
        && repository.Health.JournalBytes <= 12;

    private static async Task CommitAsync(Repository repository, int n) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken));

    private static async Task UntilAsync(Func<bool> isDone)
    {
        for (var wait = 0; !isDone(); wait++)
        {
            Assert.True(wait < 300, "it does not come about");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
