using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests;

/// <summary>What is planned for a remote is put into a stock repository that has what the remote has, and nothing else.</summary>
public sealed class PushPlanTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_push_is_complete(bool rolled)
    {
        using var folder = new TemporaryFolder();
        await using var repository = await OpenAsync(folder, rolled);
        await CommitAsync(repository, 0, 300);
        using var remote = new StockRepository();
        var plan = repository.PlanPush(Tip(repository), null, int.MaxValue);
        await PushAsync(remote, plan, thin: false);
        Assert.Equal(300, plan.CommitCount);
        Assert.Equal(plan.Tip, Tip(repository));
        PasteCheck.HoldsForGit(remote.Path, Enumerable.Range(0, 300));
    }

    [Fact]
    public async Task Each_push_brings_what_the_last_did_not_and_its_deltas_lean_on_nothing_unreachable()
    {
        using var folder = new TemporaryFolder();
        await using var repository = await OpenAsync(folder, rolled: false);
        using var remote = new StockRepository();
        ObjectId? remoteTip = null;
        var done = 0;
        foreach (var count in (int[])[1, 1, 7, 60, 1, 200, 3])
        {
            await CommitAsync(repository, done, count);
            done += count;
            var plan = repository.PlanPush(Tip(repository), remoteTip, int.MaxValue);
            Assert.Equal(count, plan.CommitCount);
            await PushAsync(remote, plan, thin: remoteTip is not null);
            remoteTip = plan.Tip;
            PasteCheck.HoldsForGit(remote.Path, Enumerable.Range(0, done));
        }
    }

    [Fact]
    public async Task A_tip_that_does_not_descend_from_the_remotes_is_known_for_it()
    {
        using var folder = new TemporaryFolder();
        await using var repository = await OpenAsync(folder, rolled: false);
        await CommitAsync(repository, 0, 5);
        var older = Tip(repository);
        await CommitAsync(repository, 5, 5);
        var newer = Tip(repository);

        Assert.True(repository.PlanPush(newer, older, 100).Follows);
        Assert.True(repository.PlanPush(newer, older, 2).Follows);
        Assert.True(repository.PlanPush(newer, newer, 100).Follows);
        Assert.True(repository.PlanPush(newer, null, 2).Follows);
        Assert.False(repository.PlanPush(older, newer, 100).Follows);
    }

    [Fact]
    public async Task A_tree_from_outside_that_is_nested_without_end_is_refused_by_depth()
    {
        using var stock = new StockRepository();
        var path = string.Concat(Enumerable.Repeat("d/", 2100)) + "f";
        stock.GitBytes(Encoding.ASCII.GetBytes($"commit refs/heads/main\ncommitter O <o@example.org> 1700000000 +0000\ndata 1\nx\nM 100644 inline {path}\ndata 1\nx\n"), "fast-import", "--quiet");
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = stock.Path }, TestContext.Current.CancellationToken);

        var plan = Assert.Throws<GitDataException>(() => repository.PlanPush(Tip(repository), null, 10));

        Assert.Contains("nested more than 2048 deep", plan.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_paste_onto_ten_thousand_is_a_pack_of_a_few_kilobytes()
    {
        using var folder = new TemporaryFolder();
        await using var repository = await OpenAsync(folder, rolled: false);
        await CommitAsync(repository, 0, 2000);
        var before = Tip(repository);
        await CommitAsync(repository, 2000, 1);
        var plan = repository.PlanPush(Tip(repository), before, 100);
        using var pack = new MemoryStream();
        await plan.WriteAsync(pack, TestContext.Current.CancellationToken);
        Assert.Equal(1, plan.CommitCount);
        Assert.Equal(1 + 5 + 2, plan.ObjectCount);
        Assert.InRange(pack.Length, 200, 4096);
    }

    [Fact]
    public async Task No_more_commits_than_asked_for_the_oldest_first()
    {
        using var folder = new TemporaryFolder();
        await using var repository = await OpenAsync(folder, rolled: false);
        await CommitAsync(repository, 0, 100);
        using var remote = new StockRepository();
        ObjectId? remoteTip = null;
        for (var pushes = 1; remoteTip != Tip(repository); pushes++)
        {
            Assert.InRange(pushes, 1, 4);
            var plan = repository.PlanPush(Tip(repository), remoteTip, 30);
            Assert.Equal(pushes == 4 ? 10 : 30, plan.CommitCount);
            await PushAsync(remote, plan, thin: remoteTip is not null);
            remoteTip = plan.Tip;
            PasteCheck.HoldsForGit(remote.Path, Enumerable.Range(0, Math.Min(100, 30 * pushes)));
        }
        Assert.Equal(0, repository.PlanPush(Tip(repository), remoteTip, 30).CommitCount);
        Assert.Equal(0, repository.PlanPush(Tip(repository), remoteTip, 30).ObjectCount);
    }

    [Fact]
    public async Task Content_that_comes_back_after_it_was_removed_is_complete()
    {
        using var folder = new TemporaryFolder();
        await using var repository = await OpenAsync(folder, rolled: false);
        using var remote = new StockRepository();
        await CommitAsync(repository, 0, 10);
        var first = repository.PlanPush(Tip(repository), null, 100);
        await PushAsync(remote, first, thin: false);

        var path = PasteCommit.FolderOf(PasteCommit.Id(3));
        var again = PasteCommit.Of(PasteCommit.Id(3), PasteCommit.Text(3));
        for (var round = 0; round < 3; round++)
        {
            await CommitAsync(repository, again with { Edits = [new TreeEdit(path, null)], Message = "gone", MustBeAbsent = null });
            await CommitAsync(repository, again);
        }
        await PushAsync(remote, repository.PlanPush(Tip(repository), first.Tip, 100), thin: true);
        PasteCheck.HoldsForGit(remote.Path, Enumerable.Range(0, 10));
    }

    [Fact]
    public async Task Histories_that_stock_git_made_with_merges_modes_and_links_arrive_whole()
    {
        using var folder = new TemporaryFolder();
        using var source = new StockRepository();
        source.FillWithHistory(40);
        source.FillWithHistory(25, "side");
        source.Git("update-ref", "refs/heads/main", source.Git("commit-tree", "main^{tree}", "-p", "main", "-p", "side", "-m", "merge"));
        StockGit.Copy(source.Path, folder["copy.git"]);
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["copy.git"] }, TestContext.Current.CancellationToken);
        using var remote = new StockRepository();
        var half = ObjectId.Parse(source.Git("rev-parse", "main~20"));
        await PushAsync(remote, repository.PlanPush(half, null, int.MaxValue), thin: false);
        await PushAsync(remote, repository.PlanPush(Tip(repository), half, int.MaxValue), thin: true);
        Assert.Equal(source.Git("rev-list", "--objects", "--no-object-names", "main").Split('\n').Order(StringComparer.Ordinal), remote.Git("rev-list", "--objects", "--no-object-names", "main").Split('\n').Order(StringComparer.Ordinal));
    }

    private static async Task<Repository> OpenAsync(TemporaryFolder folder, bool rolled) =>
        await Repository.OpenAsync(new RepositoryOptions { Folder = folder["repo.git"], JournalBytes = rolled ? 32 << 10 : 64 << 20, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);

    private static async Task CommitAsync(Repository repository, int from, int count)
    {
        for (var n = from; n < from + count; n++) await CommitAsync(repository, PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)));
    }

    private static async Task CommitAsync(Repository repository, CommitRequest request) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(request, TestContext.Current.CancellationToken));

    private static ObjectId Tip(Repository repository) => repository.Current.TryGetRef("refs/heads/main", out var tip) ? tip : throw new InvalidOperationException("no main");

    // As receive-pack takes it: strict, completed by what is there. Objects that no ref reaches are pruned first, so that no delta can
    // lean on one.
    private static async Task PushAsync(StockRepository remote, PushPlan plan, bool thin)
    {
        using var pack = new MemoryStream();
        await plan.WriteAsync(pack, TestContext.Current.CancellationToken);
        remote.Git("gc", "--quiet", "--prune=now");
        string[] fix = thin ? ["--fix-thin"] : [];
        remote.GitBytes(pack.ToArray(), ["index-pack", "--stdin", "--strict", .. fix]);
        Assert.True(PackHeader.TryRead(pack.GetBuffer(), out var header));
        Assert.Equal((uint)plan.ObjectCount, header.Count);
        Assert.Equal("", Encoding.UTF8.GetString(remote.GitBytes(default, "rev-list", "--objects", "--quiet", plan.Tip.ToString(), "--not", "--all")));
        remote.Git("update-ref", "refs/heads/main", plan.Tip.ToString());
        PasteCheck.IsClean(remote.Path);
        Assert.Equal(plan.Tip.ToString(), remote.Git("rev-parse", "main"));
    }
}
