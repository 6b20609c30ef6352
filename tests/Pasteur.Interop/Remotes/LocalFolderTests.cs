using System.Net;
using Pasteur.Interop.Support;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>A remote that is a folder of this machine, reached through its git.</summary>
public sealed class LocalFolderTests
{
    private const string Advice = "use a bare repository, or run there: git config receive.denyCurrentBranch updateInstead";

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
    public async Task Programs_own_secrets_are_not_in_the_environment_of_git_and_its_hooks()
    {
        using var remote = new TemporaryFolder();
        StockGit.Run(remote.Path, "init", "-q", "--bare", "-b", "main", "r.git");
        File.WriteAllText(remote["r.git/hooks/pre-receive"], $"#!/bin/sh\nenv > {remote["seen"]}\n");
        File.SetUnixFileMode(remote["r.git/hooks/pre-receive"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PASTEUR_TEST_SECRET", "environment-canary");
        await using var site = await SyncHost.StartAsync(remote["r.git"]);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "hello"));
        Environment.SetEnvironmentVariable("PASTEUR_TEST_SECRET", null);
        var seen = await File.ReadAllTextAsync(remote["seen"], TestContext.Current.CancellationToken);
        Assert.Contains("PATH=", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sha256_repository_is_refused_by_name()
    {
        using var remote = new TemporaryFolder();
        StockGit.Run(remote.Path, "init", "-q", "--bare", "-b", "main", "--object-format=sha256", "r.git");
        await using var site = await SyncHost.StartAsync(remote["r.git"]);
        await site.UntilAsync(() => site.Status.Problem?.Contains("object format sha256", StringComparison.Ordinal) == true, "the refusal");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Work_tree_is_followed_and_a_push_to_its_checked_out_branch_explained_and_made_when_that_is_allowed(bool isEmpty)
    {
        using var remote = new TemporaryFolder();
        StockGit.Run(remote.Path, "init", "-q", "-b", "main", "tree");
        var path = remote["tree"];
        if (!isEmpty)
            Commit(path, "theirs.txt");
        await using var site = await SyncHost.StartAsync(path);
        await site.CommitAsync("abcd", "hello");
        await site.UntilAsync(() => site.Status.Problem?.Contains(Advice, StringComparison.Ordinal) == true, "the advice");
        Assert.Equal(isEmpty ? null : "theirs.txt", site.ReadFile("theirs.txt"));

        StockGit.Run(path, "config", "receive.denyCurrentBranch", "updateInstead");

        await site.UntilSyncedAsync();
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(path, "a/b/c/abcd/paste.txt"), TestContext.Current.CancellationToken));
        Assert.Equal("", StockGit.Run(path, "status", "--porcelain"));
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public async Task Whoever_pastes_is_told_the_advice_and_not_where_the_folder_is()
    {
        using var folder = new TemporaryFolder();
        StockGit.Run(folder.Path, "init", "-q", "-b", "main", "canary-of-a-path");
        Commit(folder["canary-of-a-path"], "theirs.txt");
        await using var refusing = await PasteurProcess.ServeAsync("--data", folder["one"], "--remote", folder["canary-of-a-path"], "--ack", "remote");
        await using var nowhere = await PasteurProcess.ServeAsync("--data", folder["two"], "--remote", folder["canary-of-nothing"], "--ack", "remote");

        Assert.Contains(Advice, await PasteAsync(refusing), StringComparison.Ordinal);
        Assert.Contains("does not appear to be a git repository", await PasteAsync(nowhere), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_branch_that_HEAD_names_is_left_alone_and_told()
    {
        using var remote = new TemporaryFolder();
        StockGit.Run(remote.Path, "init", "-q", "-b", "trunk", "tree");
        var path = remote["tree"];
        Commit(path, "theirs.txt");
        var trunk = StockGit.Run(path, "rev-parse", "trunk");
        await using var site = await SyncHost.StartAsync("file://" + path);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "hello"));
        Assert.Contains(site.Log, line => line.Contains("its HEAD names refs/heads/trunk", StringComparison.Ordinal));
        Assert.Null(site.ReadFile("theirs.txt"));
        Assert.Equal("hello", StockGit.Run(path, "cat-file", "-p", "main:a/b/c/abcd/paste.txt"));
        Assert.Equal(trunk, StockGit.Run(path, "rev-parse", "trunk"));
    }

    [Fact]
    public async Task Branch_that_HEAD_names_is_followed_when_it_is_asked_for()
    {
        using var remote = new TemporaryFolder();
        StockGit.Run(remote.Path, "init", "-q", "-b", "trunk", "tree");
        Commit(remote["tree"], "theirs.txt");
        StockGit.Run(remote.Path, "clone", "-q", "--bare", "tree", "bare");
        await using var site = await SyncHost.StartAsync(remote["bare"], new SyncHostOptions { Branch = "trunk" });
        await site.UntilAsync(() => site.ReadFile("theirs.txt", "trunk") == "theirs.txt", "the branch");
        await site.CommitAsync("abcd", "hello", "trunk");
        await site.UntilAsync(() => StockGit.Try(remote["bare"], default, "cat-file", "-p", "trunk:a/b/c/abcd/paste.txt").Text == "hello", "the paste");
    }

    [Theory]
    [InlineData("main")]
    [InlineData("trunk")]
    public async Task First_paste_makes_the_branch_in_an_empty_repository_whatever_its_HEAD_names(string head)
    {
        using var remote = new TemporaryFolder();
        StockGit.Run(remote.Path, "init", "-q", "--bare", "-b", head, "r.git");
        await using var site = await SyncHost.StartAsync(remote["r.git"]);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "hello"));
        Assert.Equal("hello", StockGit.Run(remote["r.git"], "cat-file", "-p", "main:a/b/c/abcd/paste.txt"));
    }

    private static void Commit(string path, string file)
    {
        File.WriteAllText(Path.Combine(path, file), file);
        StockGit.Run(path, "add", "-A");
        StockGit.Run(path, "commit", "-q", "-m", file);
    }

    private static async Task<string> PasteAsync(PasteurProcess site)
    {
        using var answer = await site.Http.PostAsync("", new StringContent("x"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        return text;
    }
}
