using System.Globalization;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>What every remote must do, over every transport.</summary>
public sealed class EveryTransportTests(EveryTransportTests.Servers servers) : IClassFixture<EveryTransportTests.Servers>
{
    private static readonly string[] s_states = ["seedling", "empty"];

    public static TheoryData<string> Kinds => [.. RemoteServer.Kinds];

    public static TheoryData<string, bool> KindsOnDiskAndInMemory => [.. from kind in RemoteServer.Kinds from onDisk in (bool[])[true, false] select (kind, onDisk)];

    public static TheoryData<string, string> Beginnings => [.. from kind in RemoteServer.Kinds from state in s_states select (kind, state)];

    [Theory]
    [MemberData(nameof(Beginnings))]
    public async Task First_paste_lands_on_a_remote_that_has_none(string kind, string state)
    {
        var (server, repository) = servers.Next(kind);
        if (state == "empty")
            server.Repositories.MakeEmpty(repository);
        else
            server.Repositories.MakeSeedling(repository);
        await using var site = await SyncHost.StartAsync(server.Url(repository), server.Options());
        await LandAsync(site, "abcd", "hello");
        Assert.Equal("hello", server.Repositories.Git(repository, "cat-file", "-p", "main:a/b/c/abcd/paste.txt"));
        Assert.Equal(state == "empty" ? "1" : "2", server.Repositories.Git(repository, "rev-list", "--count", "main"));
        await site.UntilSyncedAsync();
        server.Repositories.AssertSound(repository);
    }

    // A store on disk has the history, one in memory knows no more than the newest state; both take in what is added, and no more.
    [Theory]
    [MemberData(nameof(KindsOnDiskAndInMemory))]
    public async Task What_others_push_comes_first_and_later_and_ours_goes_on_top(string kind, bool onDisk)
    {
        var (server, repository) = servers.Next(kind);
        server.Repositories.MakeSeedling(repository);
        for (var i = 0; i < 3; i++)
            server.Repositories.PushForeign(repository, $"x/y/z/xyz{i}/paste.txt", $"foreign {i}");
        using var folder = new TemporaryFolder();
        await using var site = await SyncHost.StartAsync(server.Url(repository), server.Options(onDisk ? folder["data"] : null));
        await site.UntilAsync(() => site.Read("xyz2") == "foreign 2", "the foreign pastes");
        Assert.Single(site.Repository.Shallow);
        for (var i = 3; i < 5; i++)
        {
            await LandAsync(site, $"abc{i}", $"ours {i}");
            server.Repositories.PushForeign(repository, $"x/y/z/xyz{i}/paste.txt", $"foreign {i}");
            await site.UntilAsync(() => site.Read($"xyz{i}") == $"foreign {i}", "another foreign paste");
        }
        await LandAsync(site, "last", "ours");
        Assert.Equal("9", server.Repositories.Git(repository, "rev-list", "--count", "main"));
        Assert.Null(site.Status.KeptAside);
        server.Repositories.AssertSound(repository);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Store_on_disk_fetches_after_a_rest_what_it_lacks_and_no_more(string kind)
    {
        var (server, repository) = servers.Next(kind);
        server.Repositories.MakeSeedling(repository);
        server.Repositories.PushForeign(repository, "x/y/z/xyz0/paste.txt", Large());
        using var folder = new TemporaryFolder();
        await using (var site = await SyncHost.StartAsync(server.Url(repository), server.Options(folder["data"])))
            await LandAsync(site, "abcd", "ours");
        server.Repositories.PushForeign(repository, "x/y/z/xyz1/paste.txt", "foreign");
        await using var again = await SyncHost.StartAsync(server.Url(repository), server.Options(folder["data"]));
        await again.UntilAsync(() => again.Read("xyz1") == "foreign", "the foreign paste");
        // It is there to be read before the log says so.
        await again.UntilAsync(() => again.Log.Any(line => FetchedBytes(line) > 0), "the line of the fetch");
        Assert.InRange(again.Log.Select(FetchedBytes).Sum(), 1, 10_000);
        Assert.Equal("ours", again.Read("abcd"));
        Assert.Null(again.Status.KeptAside);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Branch_that_is_not_the_remotes_HEAD_is_fed_and_followed_and_the_others_are_left_alone(string kind)
    {
        var (server, repository) = servers.Next(kind);
        server.Repositories.MakeSeedling(repository);
        server.Repositories.Git(repository, "branch", "-m", "main", "trunk");
        var trunk = server.Repositories.PushForeign(repository, "readme", "not a paste", "trunk");
        server.Repositories.Git(repository, "symbolic-ref", "HEAD", "refs/heads/trunk");
        await using var site = await SyncHost.StartAsync(server.Url(repository), server.Options() with { Branch = "pastes" });
        await site.CommitAsync("abcd", "ours", "pastes");
        await site.UntilAsync(() => site.Status is { FirstFetchDone: true, Backlog: 0, Problem: null } && site.Repository.RemoteTip("pastes") == site.Tip("pastes"), "the sync");
        server.Repositories.PushForeign(repository, "x/y/z/xyz0/paste.txt", "foreign", "pastes-of-others");
        server.Repositories.Git(repository, "update-ref", "refs/heads/pastes", Onto(server, repository));
        await site.UntilAsync(() => site.Read("efgh", "pastes") == "foreign", "the foreign paste");
        Assert.Equal("ours", server.Repositories.Git(repository, "cat-file", "-p", "pastes:a/b/c/abcd/paste.txt"));
        Assert.Equal(trunk, server.Repositories.Git(repository, "rev-parse", "trunk"));
        Assert.Equal("pastes pastes-of-others trunk", server.Repositories.Git(repository, "for-each-ref", "--format=%(refname:short)").Replace('\n', ' '));
        server.Repositories.AssertSound(repository);
    }

    // The store knows nothing of what was before the tip that it fetched, and the remote goes back to there.
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rewind_to_before_what_a_shallow_store_knows_loses_nothing(string kind)
    {
        var (server, repository) = servers.Next(kind);
        server.Repositories.MakeSeedling(repository);
        for (var i = 0; i < 3; i++)
            server.Repositories.PushForeign(repository, $"x/y/z/xyz{i}/paste.txt", $"foreign {i}");
        await using var site = await SyncHost.StartAsync(server.Url(repository), server.Options());
        await site.UntilAsync(() => site.Read("xyz2") is not null, "the first fetch");
        await LandAsync(site, "abcd", "ours");
        server.Repositories.Git(repository, "update-ref", "refs/heads/main", "main~3");
        await site.UntilAsync(() => site.Status.KeptAside is not null, "the rewind");
        await LandAsync(site, "efgh", "later");
        await site.UntilSyncedAsync();
        foreach (var (path, text) in ((string, string)[])[("a/b/c/abcd", "ours"), ("e/f/g/efgh", "later"), ("x/y/z/xyz0", "foreign 0"), ("x/y/z/xyz2", "foreign 2")])
            Assert.Equal(text, server.Repositories.Git(repository, "cat-file", "-p", $"main:{path}/paste.txt"));
        server.Repositories.AssertSound(repository);
    }

    private static string Large() => HttpTests.Noise(500_000);

    private static long FetchedBytes(string line) =>
        line.Split("fetched ") is [_, var rest] && rest.Split(' ') is [var count, "bytes;", ..] ? long.Parse(count, CultureInfo.InvariantCulture) : 0;

    // A commit on the branch of the pastes, made in the repository itself.
    private static string Onto(RemoteServer server, string repository)
    {
        var git = server.Repositories;
        var blob = System.Text.Encoding.ASCII.GetString(StockGit.RunWithInput(git.Path(repository), "foreign"u8.ToArray(), "hash-object", "-w", "--stdin")).Trim();
        git.Git(repository, "read-tree", "pastes");
        git.Git(repository, "update-index", "--add", "--cacheinfo", $"100644,{blob},e/f/g/efgh/paste.txt");
        return git.Git(repository, "commit-tree", git.Git(repository, "write-tree"), "-p", "pastes", "-m", "foreign efgh");
    }

    private static async Task LandAsync(SyncHost site, string id, string text)
    {
        var ack = await site.CommitAndWaitAsync(id, text);
        Assert.True(ack is RemoteAck.Landed, $"{id}: {ack}; {string.Join(" | ", site.Log)}");
    }

    /// <summary>One of each kind, a repository for each test.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly Dictionary<string, RemoteServer> _servers = [];
        private int _last;

        public async ValueTask InitializeAsync()
        {
            foreach (var kind in RemoteServer.Kinds)
                _servers.Add(kind, await RemoteServer.StartAsync(kind));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var server in _servers.Values)
                await server.DisposeAsync();
        }

        internal (RemoteServer Server, string Repository) Next(string kind) => (_servers[kind], $"r{++_last}.git");
    }
}
