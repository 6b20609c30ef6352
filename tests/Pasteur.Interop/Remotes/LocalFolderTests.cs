using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>A remote that is a folder of this machine, reached through its git.</summary>
public sealed class LocalFolderTests
{
    [Theory]
    [InlineData("plain.git", "")]
    [InlineData("with space 'and quote.git", "")]
    [InlineData("--upload-pack=touch x.git", "file://")]
    public async Task Folder_is_pushed_to_and_pulled_from(string name, string scheme)
    {
        using var remote = new TemporaryFolder();
        StockGit.Run(remote.Path, "init", "-q", "--bare", "-b", "main", "--", name);
        var path = remote[name];
        await using var site = await SyncHost.StartAsync(scheme + (scheme.Length > 0 ? Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal) : path));
        await using var other = await SyncHost.StartAsync(path);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "hello"));
        Assert.Equal("hello", StockGit.Run(path, "cat-file", "-p", "main:a/b/c/abcd/paste.txt"));
        await other.UntilAsync(() => other.Read("abcd") == "hello", "the paste at the other server");
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public async Task Folder_that_is_no_repository_is_told_in_gits_words()
    {
        using var remote = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(remote["nothing"]);
        await site.UntilAsync(() => site.Status.Problem?.Contains("does not appear to be a git repository", StringComparison.Ordinal) == true, "git's words");
    }

    [Fact]
    public async Task Sha256_repository_is_refused_by_name()
    {
        using var remote = new TemporaryFolder();
        StockGit.Run(remote.Path, "init", "-q", "--bare", "-b", "main", "--object-format=sha256", "r.git");
        await using var site = await SyncHost.StartAsync(remote["r.git"]);
        await site.UntilAsync(() => site.Status.Problem?.Contains("object format sha256", StringComparison.Ordinal) == true, "the refusal");
    }
}
