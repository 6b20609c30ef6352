using Pasteur.Git;
using Pasteur.Tests.Support;
using static Pasteur.Tests.Forgetting.ForgettingTests;

namespace Pasteur.Tests.Forgetting;

/// <summary>What the owner's git has made of a short-lived branch goes too, and nothing of it breaks git afterwards.</summary>
public sealed class ForgettingBesideGitTests
{
    private const string Branch = "until/2026-11-27T00Z/abcde";
    private const string Canary = "canary-81bd07-must-be-forgotten";

    [Fact]
    public async Task The_owners_gc_before_the_end_leaves_nothing_that_git_complains_of()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
        await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), "stays"), TestContext.Current.CancellationToken);
        await CommitAsync(repository, 2, Canary);
        await UntilAsync(() => Has(path, Canary));
        await UntilAsync(() => StockGit.Run(path, "for-each-ref", "refs/heads/until").Length > 0);
        StockGit.Run(path, "gc", "-q");
        StockGit.Run(path, "commit-graph", "write", "--reachable");
        StockGit.Run(path, "multi-pack-index", "write");
        Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
        await UntilAsync(() => !Has(path, Canary));
        PasteCheck.IsClean(path);
    }

    [Fact]
    public async Task What_the_owners_gc_has_made_loose_goes_too()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
        await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), "stays"), TestContext.Current.CancellationToken);
        await CommitAsync(repository, 2, Canary);
        await UntilAsync(() => Has(path, Canary));
        // Meanwhile nothing is purged.
        using (repository.BeginFetch())
        {
            Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
            await UntilAsync(() => StockGit.Run(path, "for-each-ref", "refs/heads/until").Length == 0);
            await UntilAsync(() => !Directory.EnumerateFiles(Path.Combine(path, "objects", "pack"), "*.keep").Any());
            StockGit.Run(path, "repack", "-A", "-d", "-q");
            Assert.Contains(Directory.EnumerateDirectories(Path.Combine(path, "objects")), fan => Path.GetFileName(fan).Length == 2 && Directory.EnumerateFiles(fan).Any());
            Assert.True(Has(path, Canary));
        }
        await UntilAsync(() => !Has(path, Canary));
        PasteCheck.IsClean(path);
    }

    [Fact]
    public async Task Cruft_packs_go_with_their_times()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
        await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), "stays"), TestContext.Current.CancellationToken);
        await CommitAsync(repository, 2, Canary);
        await UntilAsync(() => Has(path, Canary));
        // Meanwhile nothing is purged.
        using (repository.BeginFetch())
        {
            Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
            await UntilAsync(() => StockGit.Run(path, "for-each-ref", "refs/heads/until").Length == 0);
            StockGit.Run(path, "gc", "-q", "--cruft");
            Assert.True(Has(path, Canary));
        }
        await UntilAsync(() => !Has(path, Canary));
        await UntilAsync(() => Directory.EnumerateFiles(Path.Combine(path, "objects", "pack"), "*.mtimes").All(file => File.Exists(Path.ChangeExtension(file, ".pack"))));
        PasteCheck.IsClean(path);
    }

    [Fact]
    public async Task A_pack_that_the_owner_keeps_is_named_and_what_is_in_it_goes_when_it_is_kept_no_more()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var repository = await Repository.OpenAsync(HurriedOptions.Of(path) with { PurgeEvery = TimeSpan.FromMilliseconds(100), OnEvent = e => told.Enqueue(e.Message) }, TestContext.Current.CancellationToken);
        await CommitAsync(repository, 2, Canary);
        await UntilAsync(() => Has(path, Canary) && Directory.EnumerateFiles(Path.Combine(path, "objects", "pack"), "*.keep").Any() == false);
        var keeps = Directory.EnumerateFiles(Path.Combine(path, "objects", "pack"), "*.pack").Select(pack => Path.ChangeExtension(pack, ".keep")).ToList();
        foreach (var keep in keeps) await File.WriteAllTextAsync(keep, "mine\n", TestContext.Current.CancellationToken);
        Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
        await UntilAsync(() => told.Any(line => line.Contains(".keep", StringComparison.Ordinal)));
        Assert.True(Has(path, Canary));
        foreach (var keep in keeps) File.Delete(keep);
        await UntilAsync(() => !Has(path, Canary));
        PasteCheck.IsClean(path);
        Assert.Single(told, line => line.Contains(".keep", StringComparison.Ordinal));
    }

    private static async Task CommitAsync(Repository repository, int n, string text) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), text) with { Branch = Branch }, TestContext.Current.CancellationToken));
}
