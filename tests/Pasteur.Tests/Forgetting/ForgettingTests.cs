using System.Text;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Forgetting;

/// <summary>Short-lived branches are taken away, and what they held goes from the packs; git itself looks for it.</summary>
public sealed class ForgettingTests
{
    private const string Branch = "until/2026-11-27T00Z/abcde";
    private const string Canary = "canary-3f9a61-must-be-forgotten";

    [Fact]
    public async Task A_branch_begins_parentless_and_goes_on_in_the_next_run()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        for (var run = 1; run <= 2; run++)
        {
            await using var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
            await CommitAsync(repository, run * 10, Canary);
            await CommitAsync(repository, run * 10 + 1, "more");
        }

        Assert.Equal("refs/heads/" + Branch, StockGit.Run(path, "for-each-ref", "--format=%(refname)"));
        Assert.Equal("4", StockGit.Run(path, "rev-list", "--count", Branch));
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public async Task A_dropped_branch_is_gone_from_refs_and_packs_and_what_others_hold_too_stays()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken))
        {
            await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), "shared by both"), TestContext.Current.CancellationToken);
            await CommitAsync(repository, 2, Canary);
            await CommitAsync(repository, 3, "shared by both");
            await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(4), "another one") with { Branch = "until/2026-11-28/abcde" }, TestContext.Current.CancellationToken);
            await UntilAsync(() => Has(path, Canary));
            Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
            Assert.False(repository.Current.TryGetRef("refs/heads/" + Branch, out _));
            await UntilAsync(() => IsForgotten(path, Canary));
            PasteCheck.IsClean(path);
        }

        Assert.Equal("refs/heads/main\nrefs/heads/until/2026-11-28/abcde\nrefs/pasteur/rolled/main", StockGit.Run(path, "for-each-ref", "--format=%(refname)"));
        Assert.Equal("shared by both", StockGit.Run(path, "cat-file", "-p", $"main:{PasteCommit.FolderOf(PasteCommit.Id(1))}/paste.txt"));
        Assert.Equal("another one", StockGit.Run(path, "cat-file", "-p", $"until/2026-11-28/abcde:{PasteCommit.FolderOf(PasteCommit.Id(4))}/paste.txt"));
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
        Assert.False(Has(path, Canary));
    }

    [Fact]
    public async Task A_repository_of_nothing_else_is_clean_when_all_of_it_is_forgotten()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken))
        {
            await CommitAsync(repository, 1, Canary);
            await UntilAsync(() => Has(path, Canary));
            Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
            await UntilAsync(() => !Has(path, Canary));
            PasteCheck.IsClean(path);
            await CommitAsync(repository, 2, "later");
        }
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
        await using var again = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
        Assert.True(again.Current.TryGetRef("refs/heads/" + Branch, out var tip));
        Assert.Empty(again.Current.ReadCommit(tip).Parents);
    }

    [Fact]
    public async Task What_the_owner_has_put_a_branch_on_stays()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
        await CommitAsync(repository, 1, Canary);
        await CommitAsync(repository, 2, "goes");
        await UntilAsync(() => StockGit.Try(path, default, "rev-parse", "-q", "--verify", Branch + "~1").ExitCode == 0);
        StockGit.Run(path, "update-ref", "refs/notes/keep", Branch + "~1");
        Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
        await UntilAsync(() => !Has(path, "goes"));
        Assert.True(Has(path, Canary));
        PasteCheck.IsClean(path);
    }

    [Fact]
    public async Task A_branch_that_stays_is_not_dropped()
    {
        await using var repository = await Repository.OpenAsync(new RepositoryOptions(), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ArgumentException>(() => repository.DropAsync(["main"], TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task What_others_hold_is_known_without_a_walk_of_all_history_and_damage_of_that_knowledge_harms_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var list = Path.Combine(path, "pasteur", "lasting-ids");
        await using var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
        for (var n = 0; n < 20; n++) await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), $"shared {n}"), TestContext.Current.CancellationToken);
        for (var round = 0; round < 3; round++)
        {
            await CommitAsync(repository, 100 + round, $"shared {round}");
            await CommitAsync(repository, 200 + round, $"{Canary} {round}");
            await UntilAsync(() => Has(path, $"{Canary} {round}"));
            Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
            await UntilAsync(() => !Has(path, $"{Canary} {round}"));
            await UntilAsync(() => new FileInfo(Path.Combine(path, "pasteur", "forgotten")).Length == 0);
            Assert.Equal($"shared {round}", StockGit.Run(path, "cat-file", "-p", $"main:{PasteCommit.FolderOf(PasteCommit.Id(round))}/paste.txt"));
            PasteCheck.IsClean(path);
            var (before, of) = (new FileInfo(list).Length, 8 * (20 + 20));
            Assert.True(before >= of, $"{before} bytes of {of}");
            // One more: nothing but what is new is read.
            await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(300 + round), $"new {round}"), TestContext.Current.CancellationToken);
            if (round == 0) await DamageAsync(list);
            if (round == 1) File.Delete(list);
        }
    }

    private static async Task DamageAsync(string list)
    {
        var bytes = await File.ReadAllBytesAsync(list, TestContext.Current.CancellationToken);
        Array.Fill(bytes, (byte)0);
        await File.WriteAllBytesAsync(list, bytes, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task While_a_fetch_is_under_way_nothing_goes()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
        await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), "stays"), TestContext.Current.CancellationToken);
        await CommitAsync(repository, 2, Canary);
        await UntilAsync(() => Has(path, Canary));
        using (repository.BeginFetch())
        {
            Assert.Null(await repository.DropAsync([Branch], TestContext.Current.CancellationToken));
            await UntilAsync(() => StockGit.Run(path, "for-each-ref", "refs/heads/until").Length == 0);
            await Task.Delay(2500, TestContext.Current.CancellationToken);
            Assert.True(Has(path, Canary));
        }
        await UntilAsync(() => !Has(path, Canary));
    }

    /// <summary>The text of every object that any pack holds, reachable or not.</summary>
    /// <summary>
    /// Nobody finds it with git, and the store has nothing left to forget. Git alone says so too early after a kill: what is in a journal is no object
    /// for it yet.
    /// </summary>
    internal static bool IsForgotten(string path, string text)
    {
        var list = new FileInfo(Path.Combine(path, "pasteur", "forgotten"));
        return (!list.Exists || list.Length == 0) && !Has(path, text);
    }

    internal static bool Has(string path, string text)
    {
        while (true)
        {
            var objects = StockGit.Try(path, default, "cat-file", "--batch", "--batch-all-objects");
            // A pack that was replaced while git read it: what git saw is not all.
            if (objects.ExitCode == 0 && !objects.Text.Contains(" missing\n", StringComparison.Ordinal)) return objects.Text.Contains(text, StringComparison.Ordinal);
        }
    }

    private static async Task CommitAsync(Repository repository, int n, string text) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), text) with { Branch = Branch }, TestContext.Current.CancellationToken));

    internal static async Task UntilAsync(Func<bool> isDone)
    {
        for (var wait = 0; !isDone(); wait++)
        {
            Assert.True(wait < 300, "it does not come about");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
