using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Tests.Forgetting;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

/// <summary>Folders are taken out of all history; stock git says what is right.</summary>
public sealed class HistoryRewriteTests
{
    private const string Canary = "canary-7be1-must-be-erased";
    private const string Ending = "until/2026-11-27T00Z/abcde";

    private static readonly string Erased = PasteCommit.Id(5);

    [Fact]
    public async Task Every_ref_becomes_what_filter_branch_makes_of_it()
    {
        using var stock = new StockRepository();
        Fill(stock);
        using var folder = new TemporaryFolder();
        StockGit.Copy(stock.Path, folder["oracle.git"]);
        // An empty commit that was made so stays; --prune-empty would take it too.
        StockGit.Run(folder["oracle.git"], "filter-branch", "-f", "--prune-empty", "--tag-name-filter", "cat", "--index-filter", $"git rm -r -q --cached --ignore-unmatch {PasteCommit.FolderOf(Erased)}", "--", "--all");
        await using (var repository = await Repository.OpenAsync(HurriedOptions.Of(stock.Path), TestContext.Current.CancellationToken))
        {
            var erased = await EraseAsync(repository, Erased);
            Assert.Equal(["refs/heads/main", "refs/heads/side", "refs/pasteur/lost/20260101T000000000Z", "refs/tags/v1", "refs/tags/v2"], erased.Refs.Select(one => one.Name).Order(StringComparer.Ordinal));
        }
        foreach (var name in (string[])["refs/heads/main", "refs/heads/side", "refs/heads/before", "refs/pasteur/lost/20260101T000000000Z", "refs/tags/v1", "refs/tags/v2^{commit}"])
            Assert.Equal(StockGit.Run(folder["oracle.git"], "rev-parse", name), stock.Git("rev-parse", name));
        Assert.Equal("tag", stock.Git("cat-file", "-t", "v2"));
        Assert.Contains("the message of v2", stock.Git("cat-file", "-p", "v2"), StringComparison.Ordinal);
        Assert.Equal("", stock.Git("fsck", "--strict", "--no-dangling"));
        Assert.Equal("", stock.Git("log", "--all", "--oneline", "--", PasteCommit.FolderOf(Erased)));
    }

    [Fact]
    public async Task What_belonged_to_it_alone_goes_from_the_packs_and_what_others_hold_stays()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken))
        {
            StockGit.Run(path, "config", "core.logAllRefUpdates", "always");
            for (var n = 0; n < 40; n++) await CommitAsync(repository, n, n == 5 ? $"{Canary} first" : n == 7 ? "shared" : PasteCommit.Text(n));
            await EditAsync(repository, Erased, $"{Canary} second");
            await EditAsync(repository, Erased, "shared");
            await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(50), $"{Canary} third") with { Branch = Ending }, TestContext.Current.CancellationToken);
            await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(51), "stays") with { Branch = Ending }, TestContext.Current.CancellationToken);
            await ForgettingTests.UntilAsync(() => ForgettingTests.Has(path, $"{Canary} third"));
            await ForgettingTests.UntilAsync(() => IsRolled(repository, path));
            StockGit.Run(path, "tag", "-a", "-m", "v1", "v1", "main~1");
            StockGit.Run(path, "commit-graph", "write", "--reachable");
            StockGit.Run(path, "multi-pack-index", "write");
            Directory.CreateDirectory(Path.Combine(path, "logs/refs/heads"));
            var tip = StockGit.Run(path, "rev-parse", "main");
            await File.WriteAllTextAsync(Path.Combine(path, "logs/refs/heads/main"), $"{new string('0', 40)} {tip} A <a@b> 1 +0000\tpush\n", TestContext.Current.CancellationToken);

            var erased = await EraseAsync(repository, Erased, PasteCommit.Id(50));
            Assert.Equal(["refs/heads/main", "refs/heads/" + Ending, "refs/tags/v1"], erased.Refs.Select(one => one.Name).Order(StringComparer.Ordinal));
            await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(path, Canary));
            await ForgettingTests.UntilAsync(() => new FileInfo(Path.Combine(path, "pasteur", "forgotten")).Length == 0);
            PasteCheck.IsClean(path);
            Assert.NotEqual(0, StockGit.Try(path, default, "cat-file", "-e", tip).ExitCode);
            Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(path, "logs/refs/heads/main"), TestContext.Current.CancellationToken));
            foreach (var id in new[] { Erased, PasteCommit.Id(50) }) Assert.DoesNotContain(id, StockGit.Run(path, "rev-list", "--objects", "--all"), StringComparison.Ordinal);
            PasteCheck.Holds(repository.Current, Enumerable.Range(0, 40).Except([5, 7]));
            await CommitAsync(repository, 60, "later");
        }
        PasteCheck.IsClean(path);
        Assert.Equal("shared", StockGit.Run(path, "cat-file", "-p", $"main:{PasteCommit.FolderOf(PasteCommit.Id(7))}/paste.txt"));
        Assert.Equal("stays", StockGit.Run(path, "cat-file", "-p", $"{Ending}:{PasteCommit.FolderOf(PasteCommit.Id(51))}/paste.txt"));
        Assert.Equal("", StockGit.Run(path, "for-each-ref", "refs/pasteur/erasing"));
        Assert.False(ForgettingTests.Has(path, Canary));
        await using var again = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken);
        Assert.Empty((await EraseAsync(again, Erased)).Refs);
    }

    [Fact]
    public async Task What_was_known_to_last_is_forgotten_and_no_record_names_what_is_gone()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken))
        {
            for (var n = 0; n < 40; n++) await CommitAsync(repository, n, n == 5 ? Canary : PasteCommit.Text(n));
            await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(70), "ends") with { Branch = "until/2026-11-27T01Z/abcde" }, TestContext.Current.CancellationToken);
            await ForgettingTests.UntilAsync(() => IsRolled(repository, path));
            // From here on it is known what main reaches.
            Assert.Null(await repository.DropAsync(["until/2026-11-27T01Z/abcde"], TestContext.Current.CancellationToken));
            await ForgettingTests.UntilAsync(() => new FileInfo(Path.Combine(path, "pasteur", "forgotten")) is { Exists: true, Length: 0 });
            Assert.True(File.Exists(Path.Combine(path, "pasteur", "lasting-ids")));
            // A pack with nothing that goes, but a record that names the tip of main.
            await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(71), "stays") with { Branch = Ending }, TestContext.Current.CancellationToken);
            await ForgettingTests.UntilAsync(() => ForgettingTests.Has(path, "stays"));

            await EraseAsync(repository, Erased);
            await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(path, Canary));
            await ForgettingTests.UntilAsync(() => new FileInfo(Path.Combine(path, "pasteur", "forgotten")).Length == 0);
            PasteCheck.IsClean(path);
        }
        PasteCheck.IsClean(path);
    }

    [Fact]
    public async Task A_commit_that_did_something_else_too_stays_without_its_words()
    {
        await using var repository = await Repository.OpenAsync(new RepositoryOptions(), TestContext.Current.CancellationToken);
        var first = PasteCommit.Of(Erased, Canary) with { Message = Canary, Author = new Signature(Canary, "x@y", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)) };
        await repository.CommitAsync(first with { Edits = [.. first.Edits, new TreeEdit("pasteur.json", PreparedBlob.Create("{}"u8))] }, TestContext.Current.CancellationToken);
        await CommitAsync(repository, 6, "next");
        await EraseAsync(repository, Erased);
        repository.Current.TryGetRef("refs/heads/main", out var tip);
        var next = repository.Current.ReadCommit(tip);
        Assert.Equal("Ada", next.Author.Name);
        var root = repository.Current.ReadCommit(Assert.Single(next.Parents));
        Assert.Equal(("erased", "Something of this is erased\n", 1_700_000_000), (root.Author.Name, root.Message, root.Committer.When.ToUnixTimeSeconds()));
        Assert.Empty(root.Parents);
        Assert.NotNull(repository.Current.Find(tip, "pasteur.json"));
    }

    [Fact]
    public async Task Creates_go_on_meanwhile_and_none_is_lost()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken))
        {
            for (var n = 0; n < 600; n++) await CommitAsync(repository, n, PasteCommit.Text(n));
            var writing = Task.Run(async () =>
            {
                for (var n = 600; n < 1200; n++) await CommitAsync(repository, n, PasteCommit.Text(n));
            }, TestContext.Current.CancellationToken);
            for (var n = 5; n < 9; n++) Assert.NotEmpty((await EraseAsync(repository, PasteCommit.Id(n))).Refs);
            await writing;
            PasteCheck.Holds(repository.Current, Enumerable.Range(0, 1200).Except([5, 6, 7, 8]));
            await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(path, "paste 5 "));
        }
        PasteCheck.IsClean(path);
        Assert.Equal("1196", StockGit.Run(path, "rev-list", "--count", "main"));
        PasteCheck.HoldsForGit(path, Enumerable.Range(0, 1200).Except([5, 6, 7, 8]));
    }

    [Fact]
    public async Task What_is_given_up_moves_nothing_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await Repository.OpenAsync(HurriedOptions.Of(path), TestContext.Current.CancellationToken))
        {
            for (var n = 0; n < 40; n++) await CommitAsync(repository, n, PasteCommit.Text(n));
            repository.Current.TryGetRef("refs/heads/main", out var before);
            ObjectId made;
            await using (var erasure = repository.Erase(Request(Erased)))
            {
                Assert.Null(await erasure.PrepareAsync(TestContext.Current.CancellationToken));
                var tips = await erasure.MarkAsync(TestContext.Current.CancellationToken);
                made = tips!.Tip;
                Assert.Equal("refs/heads/main", Assert.Single(tips.Heads).Name);
            }
            repository.Current.TryGetRef("refs/heads/main", out var after);
            Assert.Equal(before, after);
            await ForgettingTests.UntilAsync(() => StockGit.Try(path, default, "cat-file", "-e", before.ToString()).ExitCode == 0);
            await ForgettingTests.UntilAsync(() => StockGit.Try(path, default, "cat-file", "-e", made + "~1").ExitCode != 0);
        }
        PasteCheck.IsClean(path);
        PasteCheck.HoldsForGit(path, Enumerable.Range(0, 40));
    }

    [Fact]
    public async Task A_push_of_the_rewritten_branch_brings_what_is_new_in_it_alone()
    {
        using var remote = new StockRepository();
        await using var repository = await Repository.OpenAsync(new RepositoryOptions(), TestContext.Current.CancellationToken);
        for (var n = 0; n < 40; n++) await CommitAsync(repository, n, PasteCommit.Text(n) + new string('x', 3000));
        repository.Current.TryGetRef("refs/heads/main", out var pushed);
        await SendAsync(remote, repository.PlanPush(pushed, null, 1000), "main", pushed);
        await CommitAsync(repository, 41, "never pushed");
        await using var erasure = repository.Erase(Request(Erased));
        Assert.Null(await erasure.PrepareAsync(TestContext.Current.CancellationToken));
        var tips = await erasure.MarkAsync(TestContext.Current.CancellationToken);
        var head = Assert.Single(tips!.Heads);
        var plan = erasure.PlanPush(head, pushed);
        await SendAsync(remote, plan, "main", head.After);
        // 34 commits and their roots, what of the folders on the way is made again, the new paste and the mark.
        Assert.InRange(plan.ObjectCount, 70, 180);
        Assert.Equal("", remote.Git("fsck", "--strict", "--no-dangling"));
        Assert.Equal("41", remote.Git("rev-list", "--count", "main"));
        Assert.IsType<EraseOutcome.Erased>(await erasure.ApplyAsync(withMarks: true, TestContext.Current.CancellationToken));
        repository.Current.TryGetRef("refs/heads/main", out var ours);
        Assert.Equal(tips.Tip, ours);
    }

    private static bool IsRolled(Repository repository, string path) =>
        repository.Current.TryGetRef("refs/heads/main", out var tip) && StockGit.Try(path, default, "rev-parse", "-q", "--verify", "main").Text.Trim() == tip.ToString();

    private static async Task SendAsync(StockRepository remote, PushPlan plan, string branch, ObjectId tip)
    {
        using var pack = new MemoryStream();
        await plan.WriteAsync(pack, TestContext.Current.CancellationToken);
        remote.GitBytes(pack.ToArray(), "index-pack", "--stdin", "--fix-thin", "--strict");
        remote.Git("update-ref", $"refs/heads/{branch}", tip.ToString());
    }

    internal static EraseRequest Request(params string[] ids) => new("main", [.. ids.Select(id => ErasedFolder.Of($"{id[0]}/{id[1]}/{id[2]}", id))])
    {
        Author = new Signature("Pasteur", "pasteur@pasteur.invalid", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)),
        Marks = [new TreeEdit($"erased/{ids[0]}", PreparedBlob.Create("erased\n"u8))],
    };

    private static async Task<EraseOutcome.Erased> EraseAsync(Repository repository, params string[] ids)
    {
        await using var erasure = repository.Erase(Request(ids) with { Marks = [] });
        Assert.Null(await erasure.PrepareAsync(TestContext.Current.CancellationToken));
        return Assert.IsType<EraseOutcome.Erased>(await erasure.ApplyAsync(withMarks: true, TestContext.Current.CancellationToken));
    }

    private static async Task CommitAsync(Repository repository, int n, string text) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), text), TestContext.Current.CancellationToken));

    private static async Task EditAsync(Repository repository, string id, string text) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(id, text) with { MustBeAbsent = null }, TestContext.Current.CancellationToken));

    // main: pastes 0…19, an edit of the erased one, a merge of a branch that has one more. side: from before the erased one came; its own copy of it.
    private static void Fill(StockRepository stock)
    {
        var script = new StringBuilder();
        var mark = 0;
        void Commit(string branch, int n, string text, string? from = null, string? merge = null)
        {
            mark++;
            script.Append(CultureInfo.InvariantCulture, $"commit refs/heads/{branch}\nmark :{mark}\nauthor Ada <ada@example.org> {1_600_000_000 + mark} +0200\ncommitter Ben <ben@example.org> {1_600_000_000 + mark} -0130\ndata 7\npaste {n % 10}\n");
            if (from is not null) script.Append(CultureInfo.InvariantCulture, $"from {from}\n");
            if (merge is not null) script.Append(CultureInfo.InvariantCulture, $"merge {merge}\n");
            script.Append(CultureInfo.InvariantCulture, $"M 100644 inline {PasteCommit.FolderOf(PasteCommit.Id(n))}/paste.txt\ndata {text.Length}\n{text}\n");
        }
        for (var n = 0; n < 5; n++) Commit("main", n, $"text {n}");
        Commit("before", 90, "before", from: ":5");
        Commit("main", 5, Canary, from: ":5");
        Commit("side", 5, Canary + " too", from: ":5");
        Commit("side", 80, "of the side");
        for (var n = 6; n < 12; n++) Commit("main", n, $"text {n}");
        Commit("main", 5, Canary + " edited");
        Commit("main", 12, "merged", merge: "refs/heads/side");
        script.Append(CultureInfo.InvariantCulture, $"tag v2\nfrom :{mark}\ntagger A U Thor <a@example.org> 1600000000 +0000\ndata 18\nthe message of v2\n\n");
        script.Append(CultureInfo.InvariantCulture, $"reset refs/tags/v1\nfrom :10\n\nreset refs/pasteur/lost/20260101T000000000Z\nfrom :12\n\n");
        for (var n = 13; n < 20; n++) Commit("main", n, $"text {n}", from: n == 13 ? $":{mark}" : null);
        stock.GitBytes(Encoding.ASCII.GetBytes(script.ToString()), "fast-import", "--quiet", "--force");
    }
}
