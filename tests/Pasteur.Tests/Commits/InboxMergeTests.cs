using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

/// <summary>An inbox is merged beside its branch, and ends with the batch that brings the merge in.</summary>
public sealed class InboxMergeTests : IDisposable
{
    private const string Inbox = "inbox/one-100";

    private readonly TemporaryFolder _folder = new();
    private readonly Signature _author = new("Pasteur", "pasteur@pasteur.invalid", DateTimeOffset.UnixEpoch);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Path => _folder["r.git"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_commit_has_both_parents_and_all_that_both_hold()
    {
        await using (var repository = await OpenAsync())
        {
            var (main, inbox) = (await CommitAsync(repository, "aaaa1", "main"), await BeginAsync(repository, 300));
            var merge = await repository.MergeAsync(main, Inbox, _author, Cancel);
            Assert.Equal([main, inbox], repository.Current.ReadCommit(merge!.Commit).Parents);
            Assert.Empty(merge.Conflicts);
            // Nothing moves before the remote has agreed.
            Assert.Equal((main, inbox), (Tip(repository, "main"), Tip(repository, Inbox)));
            Assert.IsType<IntegrateOutcome.FastForwarded>(await repository.IntegrateAsync("main", merge.Commit, RewindPolicy.Replay, Cancel));
            Assert.Equal((merge.Commit, ObjectId.Zero), (Tip(repository, "main"), Tip(repository, Inbox)));
            Assert.Equal(inbox, repository.Current.MergedTip(Inbox));
            Assert.DoesNotContain("refs/pasteur/merging", repository.Current.RefNames);
        }
        Assert.Equal("", StockGit.Run(Path, "fsck", "--strict", "--no-dangling"));
        var paths = StockGit.Run(Path, "ls-tree", "-r", "--name-only", "main").Split('\n');
        Assert.Equal(301, paths.Count(path => path.EndsWith("paste.txt", StringComparison.Ordinal)));
        Assert.DoesNotContain("inbox", StockGit.Run(Path, "for-each-ref", "refs/heads", "refs/pasteur/rolled"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pack_brings_what_is_new_in_the_merge_alone_unless_the_remote_has_less()
    {
        await using var repository = await OpenAsync();
        var (main, inbox) = (await CommitAsync(repository, "aaaa1", "main"), await BeginAsync(repository, 50));
        var whole = await repository.MergeAsync(main, Inbox, _author, Cancel);
        Assert.True(whole!.Plan.ObjectCount > 100);
        await repository.RecordRemoteAsync(Inbox, inbox, Cancel);
        var small = await repository.MergeAsync(main, Inbox, _author, Cancel);
        // The commit, the root, and the folders above what both have something in.
        Assert.InRange(small!.Plan.ObjectCount, 2, 6);
    }

    [Fact]
    public async Task What_comes_to_an_inbox_after_it_was_merged_goes_to_the_branch_whoever_sees_it()
    {
        await using var repository = await OpenAsync();
        var (main, inbox) = (await CommitAsync(repository, "aaaa1", "main"), await BeginAsync(repository, 3));
        var merge = (await repository.MergeAsync(main, Inbox, _author, Cancel))!.Commit;
        var late = await CommitAsync(repository, "late1", Inbox);
        var local = await CommitAsync(repository, "bbbb1", "main");
        Assert.IsType<IntegrateOutcome.Replayed>(await repository.IntegrateAsync("main", merge, RewindPolicy.Replay, Cancel));
        Assert.NotEqual(local, Tip(repository, "main"));
        foreach (var id in (string[])["aaaa1", "bbbb1", "late1", "inb0"]) Assert.True(Has(repository, "main", id), id);
        Assert.Equal((ObjectId.Zero, late), (Tip(repository, Inbox), repository.Current.MergedTip(Inbox)));

        // Another word of the same merge, asked for before the first was done, takes nothing back.
        Assert.True(await repository.AbsorbAsync("main", Inbox, inbox));
        Assert.Equal(late, repository.Current.MergedTip(Inbox));
        // Nor does a fetch that was under way begin it again.
        await repository.IntegrateAsync(Inbox, inbox, RewindPolicy.Replay, Cancel);
        Assert.Equal(ObjectId.Zero, Tip(repository, Inbox));
        // A commit that was on its way to it is told.
        var request = PasteCommit.Of("late2", "x", Inbox) with { IsNotFirst = true };
        Assert.IsType<CommitOutcome.PathChanged>(await repository.CommitAsync(request, Cancel));
        Assert.Equal(ObjectId.Zero, Tip(repository, Inbox));
    }

    [Fact]
    public async Task A_deletion_on_an_inbox_after_it_was_merged_is_one_on_the_branch()
    {
        await using var repository = await OpenAsync();
        var main = await CommitAsync(repository, "aaaa1", "main");
        await BeginAsync(repository, 3);
        var merge = (await repository.MergeAsync(main, Inbox, _author, Cancel))!.Commit;
        await repository.CommitAsync(new CommitRequest { Branch = Inbox, Edits = [new TreeEdit(PasteCommit.FolderOf("inb1"), null)], Author = _author, Message = "Delete inb1" }, Cancel);
        await repository.IntegrateAsync("main", merge, RewindPolicy.Replay, Cancel);
        Assert.True(Has(repository, "main", "inb0"));
        Assert.False(Has(repository, "main", "inb1"));
    }

    [Fact]
    public async Task An_inbox_is_known_to_be_taken_in_by_its_history_and_another_is_not()
    {
        await using var repository = await OpenAsync();
        var (main, inbox) = (await CommitAsync(repository, "aaaa1", "main"), await BeginAsync(repository, 3));
        var merge = (await repository.MergeAsync(main, Inbox, _author, Cancel))!.Commit;
        var later = await CommitAsync(repository, "late1", Inbox);
        await CommitAsync(repository, "othr1", "inbox/two-100");
        var other = Tip(repository, "inbox/two-100");
        Assert.Equal(inbox, repository.TakenIn(merge, inbox));
        Assert.Equal(inbox, repository.TakenIn(merge, later));
        Assert.Equal(inbox, repository.TakenIn(merge, repository.Current.ReadCommit(inbox).Parents[0]));
        Assert.Null(repository.TakenIn(merge, other));
        Assert.Null(repository.TakenIn(main, inbox));
        await repository.IntegrateAsync("main", merge, RewindPolicy.Replay, Cancel);
        Assert.Equal(other, Tip(repository, "inbox/two-100"));
    }

    [Fact]
    public async Task A_paste_that_both_have_differently_stays_as_it_is_on_the_branch_and_is_named()
    {
        await using var repository = await OpenAsync();
        await CommitAsync(repository, "same1", "main", "of the branch");
        var main = Tip(repository, "main");
        await CommitAsync(repository, "same1", Inbox, "of the inbox");
        var merge = await repository.MergeAsync(main, Inbox, _author, Cancel);
        Assert.Equal([PasteCommit.FolderOf("same1")], merge!.Conflicts);
        var file = repository.Current.Find(merge.Commit, PasteCommit.FolderOf("same1") + "/paste.txt");
        Assert.Equal("of the branch", Encoding.UTF8.GetString(repository.Current.ReadBlob(file!.Value.Id)));
    }

    [Theory]
    [InlineData("inbox/one-100", "one", 100)]
    [InlineData("inbox/7k2m9xq4-1795780626", "7k2m9xq4", 1795780626)]
    [InlineData("inbox/mine", null, 0)]
    [InlineData("inbox/-1", null, 0)]
    [InlineData("inbox/check/one-1", null, 0)]
    [InlineData("inbox/one-", null, 0)]
    [InlineData("inbox/one-1x", null, 0)]
    [InlineData("inbox/one-99999999999999999999", null, 0)]
    [InlineData("outbox/one-1", null, 0)]
    public void A_name_says_whose_it_is_and_since_when(string branch, string? server, long number)
    {
        Assert.Equal(server is not null, InboxRef.TryParse(branch, out var read, out var since));
        if (server is not null) Assert.Equal((server, number, branch), (read, since, InboxRef.NameOf(read, since)));
    }

    private async Task<ObjectId> BeginAsync(Repository repository, int pastes)
    {
        await repository.CommitAsync(new CommitRequest { Branch = Inbox, Edits = [], Author = _author, Message = "Begin" }, Cancel);
        for (var n = 0; n < pastes; n++) await CommitAsync(repository, $"inb{n}", Inbox);
        return Tip(repository, Inbox);
    }

    private static async Task<ObjectId> CommitAsync(Repository repository, string id, string branch, string text = "text") =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(id, text, branch), Cancel)).Commit;

    private static ObjectId Tip(Repository repository, string branch) => repository.Current.TryGetRef("refs/heads/" + branch, out var tip) ? tip : ObjectId.Zero;

    private static bool Has(Repository repository, string branch, string id) => repository.Current.Find(Tip(repository, branch), PasteCommit.FolderOf(id)) is not null;

    private Task<Repository> OpenAsync() => Repository.OpenAsync(new RepositoryOptions { Folder = Path, Folders = PasteFolders.Rules }, Cancel);
}
