using System.Security.Cryptography;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.Commits;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

public sealed class TreePathTests
{
    public static TheoryData<string> Forbidden =>
    [
        "", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "./a", "a\0b",
        ".git", ".GIT", ".giT/config", "a/.git/hooks", "git~1", "GIT~1", ".git ", ".git.", ".git . .", ".git:stream", ".git::$INDEX_ALLOCATION", ".git\\config", "git~1.",
        ".g\u200cit", ".git\ufeff", "\u202e.git",
        new string('x', 4097), string.Join('/', Enumerable.Repeat("d", 129)),
    ];

    public static TheoryData<string> Allowed =>
    [
        "a", "a/b/c", "...", ".gitx", "git", "git~2", "agit~1", ".git-hooks", "a b", "\u200d\ud83d\udc68", "caf\u00e9", "-", "~", "\ud83d", new string('x', 4096), string.Join('/', Enumerable.Repeat("d", 128)),
    ];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void What_git_forbids_is_refused(string path) => Assert.Throws<ArgumentException>(() => TreePath.Encode(path));

    [Theory]
    [MemberData(nameof(Allowed))]
    public void What_git_allows_passes(string path) => Assert.Equal(Encoding.UTF8.GetBytes(path), TreePath.Encode(path));

    // The oracle: what fsck --strict complains about in a tree must be refused here.
    [Fact]
    public void Stock_fsck_agrees_with_both_tables()
    {
        using var stock = new StockRepository();
        var blob = stock.Store(ObjectKind.Blob, "x"u8.ToArray());
        foreach (var name in Forbidden.Select(row => row.Data).Where(name => name.Length is > 0 and < 4097 && !name.Contains('/', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal)))
            Assert.NotEqual(0, Check(stock, blob, name));
        foreach (var name in Allowed.Select(row => row.Data).Where(name => !name.Contains('/', StringComparison.Ordinal)))
            Assert.Equal(0, Check(stock, blob, name));
    }

    [Fact]
    public async Task A_request_with_a_forbidden_or_doubled_path_or_branch_is_refused_and_hurts_nobody()
    {
        await using var repository = await Repository.OpenAsync(new RepositoryOptions(), TestContext.Current.CancellationToken);
        var good = PasteCommit.Of(PasteCommit.Id(1), PasteCommit.Text(1));
        await Assert.ThrowsAsync<ArgumentException>(async () => await repository.CommitAsync(good with { Edits = [new TreeEdit("a/../b", null)] }, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(async () => await repository.CommitAsync(good with { Edits = [new TreeEdit("a", null), new TreeEdit("a", null)] }, TestContext.Current.CancellationToken));
        foreach (var branch in (string[])["", "..", "a b", "-x", "x.lock", "x/", "/x", "x\n", "@{u}"])
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await repository.CommitAsync(good with { Branch = branch }, TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<ArgumentException>(async () => await repository.RecordRemoteAsync(branch, ObjectId.EmptyTree, TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<ArgumentException>(async () => await repository.IntegrateAsync(branch, ObjectId.EmptyTree, RewindPolicy.Replay, TestContext.Current.CancellationToken));
        }
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(good, TestContext.Current.CancellationToken));
        PasteCheck.Holds(repository.Current, [1]);
    }

    private static int Check(StockRepository stock, ObjectId blob, string name)
    {
        var bytes = new byte[ObjectId.Size];
        blob.CopyTo(bytes);
        byte[] tree = [.. "100644 "u8, .. Encoding.UTF8.GetBytes(name), 0, .. bytes];
        var buffer = new EntryBuffer();
        var header = new byte[12];
        Journal.WriteHeader(header, 1);
        buffer.Append(header);
        buffer.AppendWhole(ObjectKind.Tree, tree, Packing.Store);
        byte[] pack = [.. buffer.Written, .. SHA1.HashData(buffer.Written)];
        return StockGit.Try(stock.Path, pack, "index-pack", "--stdin", "--strict").ExitCode;
    }
}
