using Pasteur.Git;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>
/// All that can happen to the remote's branch, under each <c>--on-rewind</c>, for a store on disk and for one in memory that
/// knows no more of the history than its newest commit.
/// </summary>
public sealed class LostRemoteTests : IAsyncLifetime
{
    private const string Repository = "r.git";

    private static readonly string[] s_changes = ["rewound", "rewritten", "emptied", "branch deleted", "made anew", "made anew with a commit", "made anew with other commits"];

    private readonly TemporaryFolder _folder = new();
    private GitDaemon _daemon = null!;

    public static TheoryData<string, string, bool> Cases => [.. from change in s_changes from policy in Enum.GetNames<RewindPolicy>() from onDisk in (bool[])[true, false] select (change, policy, onDisk)];

    public async ValueTask InitializeAsync() => _daemon = await GitDaemon.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nothing_of_ours_is_lost_and_the_policy_is_followed(string change, string policy, bool onDisk)
    {
        var url = _daemon.CreateSeedling(Repository);
        _daemon.PushForeign(Repository, "x/y/z/xyz0/paste.txt", "foreign");
        var options = new SyncHostOptions { Folder = onDisk ? _folder["data"] : null, OnRewind = Enum.Parse<RewindPolicy>(policy) };
        await using var site = await SyncHost.StartAsync(url, options);
        await site.UntilAsync(() => site.Read("xyz0") is not null, "the first fetch");
        await site.CommitAndWaitAsync("aaaa", "first");
        await site.CommitAndWaitAsync("bbbb", "second");
        var before = site.Tip();

        Change(change);
        await site.UntilAsync(() => site.Status.Incident is not null || site.Status.Problem is not null, "word of it in the health report");
        if (options.OnRewind == RewindPolicy.Stop)
        {
            await AssertStoppedAsync(site);
            return;
        }
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("cccc", "third"));
        await site.UntilSyncedAsync();

        Assert.NotNull(site.Status.Incident);
        AssertIsThere("cccc", "third");
        AssertKept(site, before);
        if (options.OnRewind == RewindPolicy.Replay || change is "branch deleted" or "made anew")
        {
            AssertIsThere("aaaa", "first");
            AssertIsThere("bbbb", "second");
            AssertIsThere("xyz0", "foreign");
            Assert.Equal("second", site.Read("bbbb"));
        }
        else
        {
            Assert.Null(site.Read("bbbb"));
            Assert.Equal(change == "rewound" ? "first" : null, site.Read("aaaa"));
        }
        if (change is "rewritten" or "made anew with other commits")
            Assert.Equal("other", site.ReadFile("other.txt"));
        _daemon.AssertSound(Repository);
    }

    private async Task AssertStoppedAsync(SyncHost site)
    {
        await site.UntilAsync(() => site.Status.Problem?.Contains("--on-rewind", StringComparison.Ordinal) == true, "the refusal");
        var there = _daemon.Git(Repository, "for-each-ref");
        await site.CommitAsync("cccc", "third");
        await Task.Delay(600, TestContext.Current.CancellationToken);
        Assert.Equal(there, _daemon.Git(Repository, "for-each-ref"));
        Assert.Equal(("first", "second", "third"), (site.Read("aaaa"), site.Read("bbbb"), site.Read("cccc")));
    }

    // What was taken off stays within reach of a ref.
    private static void AssertKept(SyncHost site, Pasteur.Git.Objects.ObjectId before)
    {
        if (site.Read("bbbb") is not null)
            return;
        Assert.True(site.Repository.Current.TryGetRef(site.Status.KeptAside!, out var kept));
        Assert.Equal(before, kept);
    }

    private void AssertIsThere(string id, string text) => Assert.Equal(text, _daemon.Git(Repository, "cat-file", "-p", $"main:{PasteCommit.FolderOf(id)}/paste.txt"));

    private void Change(string change)
    {
        switch (change)
        {
            case "rewound":
                _daemon.Git(Repository, "update-ref", "refs/heads/main", "main~1");
                break;
            case "rewritten":
                _daemon.Git(Repository, "update-ref", "refs/heads/main", OtherCommit(Repository));
                break;
            case "emptied":
                _daemon.Git(Repository, "update-ref", "refs/heads/main", EmptyCommit(Repository));
                break;
            case "branch deleted":
                _daemon.Git(Repository, "update-ref", "-d", "refs/heads/main");
                break;
            default:
                MakeAnew(change);
                break;
        }
    }

    // At once, as a host that restores a repository does.
    private void MakeAnew(string change)
    {
        _daemon.CreateEmpty("new.git");
        if (change == "made anew with a commit")
            _daemon.Git("new.git", "update-ref", "refs/heads/main", EmptyCommit("new.git"));
        if (change == "made anew with other commits")
            _daemon.Git("new.git", "update-ref", "refs/heads/main", OtherCommit("new.git"));
        Directory.Move(_daemon.Path(Repository), _daemon.Path("old.git"));
        Directory.Move(_daemon.Path("new.git"), _daemon.Path(Repository));
    }

    private string EmptyCommit(string repository)
    {
        _daemon.Git(repository, "read-tree", "--empty");
        return _daemon.Git(repository, "commit-tree", _daemon.Git(repository, "write-tree"), "-m", "begin again");
    }

    private string OtherCommit(string repository)
    {
        var blob = StockGit.RunWithInput(_daemon.Path(repository), "other"u8.ToArray(), "hash-object", "-w", "--stdin");
        _daemon.Git(repository, "read-tree", "--empty");
        _daemon.Git(repository, "update-index", "--add", "--cacheinfo", $"100644,{System.Text.Encoding.ASCII.GetString(blob).Trim()},other.txt");
        return _daemon.Git(repository, "commit-tree", _daemon.Git(repository, "write-tree"), "-m", "other");
    }
}
