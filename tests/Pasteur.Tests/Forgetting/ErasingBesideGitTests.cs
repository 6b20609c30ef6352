using System.Text;
using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Support;
using static Pasteur.Tests.Forgetting.ForgettingTests;

namespace Pasteur.Tests.Forgetting;

/// <summary>
/// Somebody pushes into the data folder, onto the history as it is there, at each step of an erasure: git's push is taken, and what is erased does not
/// come back with it.
/// </summary>
public sealed class ErasingBesideGitTests
{
    private const string Canary = "canary-b713-erased-beside-a-push";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("erase.looked", false)]
    [InlineData("erase.slice", false)]
    [InlineData("forget.listed", false)]
    [InlineData("forget.dropped", false)]
    [InlineData("roll.reached", false)]
    [InlineData("roll.reached", true)]
    [InlineData("forget.dropped", true)]
    public async Task A_push_is_taken_and_what_is_erased_stays_so(string step, bool isEnding)
    {
        using var folder = new TemporaryFolder();
        var (path, clone) = (folder["repo.git"], folder["clone"]);
        var branch = "main";
        var isErasing = false;
        var pushed = "";
        var options = HurriedOptions.Of(path) with
        {
            Folders = PasteFolders.Rules,
            FaultPoint = point =>
            {
                if (!isErasing || point != step || pushed.Length > 0) return;
                pushed = StockGit.Run(clone, "rev-parse", "HEAD");
                StockGit.Run(clone, "push", "-q", "origin", $"HEAD:refs/heads/{branch}");
            },
        };
        string[] stay, codes;
        await using (var repository = await Repository.OpenAsync(options, Token))
        {
            var store = Open(repository);
            stay = [await CreateAsync(store, "stays", null), await CreateAsync(store, "ends", TimeSpan.FromDays(3))];
            codes = [await CreateAsync(store, Canary, null), await CreateAsync(store, Canary, TimeSpan.FromDays(3))];
            await CreateAsync(store, "later", null);
            await UntilAsync(() => repository.Health.JournalBytes <= 12 && StockGit.Run(path, "for-each-ref", "--format=x", "refs/heads").Length >= 3);
            if (isEnding) branch = StockGit.Run(path, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/until");
            StockGit.Run(folder.Path, "clone", "-q", "-b", branch, path, clone);
            Commit(clone);

            isErasing = true;
            using var eraser = new Eraser("main", repository.EraseAsync, null, TimeProvider.System);
            Assert.IsType<EraseOutcome.Erased>(await eraser.EraseAsync([.. codes.Select(IdOf)], Token));
            await UntilAsync(() => pushed.Length > 0 && StockGit.Try(path, default, "cat-file", "-e", $"{branch}:pushed.txt").ExitCode == 0 && StockGit.Run(path, "rev-parse", branch) != pushed);
            await UntilAsync(() => !Has(path, Canary));
            await AssertErasedAsync(repository, path, codes, stay);
        }
        Assert.Equal("pushed beside", StockGit.Run(path, "cat-file", "-p", $"{branch}:pushed.txt"));
        Assert.Equal("beside", StockGit.Run(path, "log", "--all", "--format=%s", "--", "pushed.txt"));
        await using var again = await Repository.OpenAsync(options, Token);
        await AssertErasedAsync(again, path, codes, stay);
        Assert.False(Has(path, Canary));
    }

    /// <summary>Killed before the refs on the disk had followed; somebody pushes; the next run brings that in.</summary>
    [Fact]
    public async Task A_push_after_a_kill_that_left_the_old_history_on_the_disk_brings_nothing_back()
    {
        using var folder = new TemporaryFolder();
        var (path, clone) = (folder["repo.git"], folder["clone"]);
        var killed = ChildProgram.Start(new ChildProgram.Work(path, "roll.reached", 1, Writers: ChildProgram.Erasing, Commits: 20, JournalBytes: 4 << 20, First: 1));
        Assert.True(killed.ExitCode == 128 + 9 && killed.Refused.Contains("erased"), $"{killed.ExitCode} {killed.Errors} {string.Join(' ', killed.Refused)}");
        var id = PasteCommit.Id(5);
        Assert.Contains(id, StockGit.Run(path, "ls-tree", "-r", "--name-only", "main"), StringComparison.Ordinal);
        StockGit.Run(folder.Path, "clone", "-q", path, clone);
        Commit(clone);
        StockGit.Run(clone, "push", "-q", "origin", "HEAD:main");

        await using (var repository = await Repository.OpenAsync(HurriedOptions.Of(path) with { Folders = PasteFolders.Rules }, Token))
        {
            await UntilAsync(() => !Has(path, ChildProgram.Canary));
            await UntilAsync(() => !StockGit.Run(path, "rev-list", "--objects", "--all").Contains(id, StringComparison.Ordinal));
            PasteCheck.Holds(repository.Current, killed.Acknowledged);
            PasteCheck.IsClean(path);
        }
        Assert.Equal("pushed beside", StockGit.Run(path, "cat-file", "-p", "main:pushed.txt"));
    }

    private static async Task AssertErasedAsync(Repository repository, string path, string[] codes, string[] stay)
    {
        var store = Open(repository);
        foreach (var code in codes)
        {
            Assert.Null(await store.FindAsync(code, Token));
            Assert.DoesNotContain(code, StockGit.Run(path, "rev-list", "--objects", "--all"), StringComparison.Ordinal);
        }
        foreach (var code in stay) Assert.NotNull(await store.FindAsync(code, Token));
        Assert.Equal("", StockGit.Run(path, "for-each-ref", "--format=%(refname)", "refs/pasteur/lost"));
        await UntilAsync(() => StockGit.Run(path, "for-each-ref", "refs/pasteur/erasing").Length == 0);
        PasteCheck.IsClean(path);
    }

    // Now: histories are walked no further back than commits are old.
    private static void Commit(string clone)
    {
        var head = StockGit.Run(clone, "symbolic-ref", "HEAD");
        var script = $"commit {head}\ncommitter Eve <eve@example.org> {DateTimeOffset.UtcNow.ToUnixTimeSeconds()} +0000\ndata 6\nbeside\nfrom {head}^0\nM 100644 inline pushed.txt\ndata 13\npushed beside\n";
        StockGit.RunWithInput(clone, Encoding.UTF8.GetBytes(script), "fast-import", "--quiet");
    }

    private static PasteStore Open(Repository repository) => PasteStore.Open(repository, new PasteStoreOptions { Branch = "main", IdLength = 10, Server = "me" });

    private static PasteId IdOf(string code) => PasteId.TryParse(code, out var id) ? id : throw new InvalidOperationException(code);

    private static async Task<string> CreateAsync(PasteStore store, string text, TimeSpan? life)
    {
        var paste = new NewPaste { Files = [new NewFile(null, Encoding.UTF8.GetBytes(text))], Expires = life is { } time ? DateTimeOffset.UtcNow + time : null };
        return Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(paste, Token)).Id.ToString();
    }
}
