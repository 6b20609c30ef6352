using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Pasteur.Git.Objects;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>
/// Programs on one remote, sixteen writers each as fast as they can. One of them is killed and comes back with an empty
/// disk; it answers for what the remote has alone. `bench/servers` measures what three bring against one.
/// </summary>
public sealed class ServersTests : IDisposable
{
    private const string Repository = "r.git";
    private const int Writers = 16, Sigkill = 9;

    /// <summary>So few files that nearly all pastes go by way of inboxes; how many without this hangs on the machine's speed.</summary>
    private const int SmallBranch = 500;

    private static readonly TimeSpan s_pullEvery = TimeSpan.FromSeconds(1), s_second = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();

    /// <summary>What was promised: the text of each id.</summary>
    private readonly ConcurrentDictionary<string, string> _promised = new();

    private int _inboxAbove;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_lost_nothing_is_there_twice_and_all_come_to_the_same_tree()
    {
        await using var daemon = await GitDaemon.StartAsync();
        await AssertThreeLoseNothingAsync(daemon, "--remote", daemon.CreateSeedling(Repository));
        Assert.Equal("", daemon.Git(Repository, "rev-list", "--merges", "main"));
    }

    [Fact]
    public async Task By_way_of_inboxes_nothing_is_lost_nothing_is_there_twice_and_all_come_to_the_same_tree()
    {
        _inboxAbove = SmallBranch;
        await using var daemon = await GitDaemon.StartAsync();
        await AssertThreeLoseNothingAsync(daemon, "--remote", daemon.CreateSeedling(Repository));
        Assert.True(Heads(daemon).Length > 1, "no inbox: this proves nothing");
    }

    [Fact]
    public async Task Over_SSH_nothing_is_lost_nothing_is_there_twice_and_all_come_to_the_same_tree()
    {
        await using var server = await OpenSshServer.StartAsync();
        await AssertThreeLoseNothingAsync(server, "--remote", server.CreateSeedling(Repository), "--ssh-seed", server.Seed.Token, "--ssh-auth", server.Fingerprint("ed25519"));
    }

    [Fact]
    public async Task Over_HTTPS_two_lose_nothing_and_come_to_the_same_tree()
    {
        await using var server = await GitWebServer.StartAsync();
        server.MakeSeedling(Repository);
        string[] remote = ["--remote", server.TlsUrl("git", Repository, $"{GitWebServer.User}:{GitWebServer.Password}@"), "--remote-ca", server.AuthorityFile];
        await using var one = await StartAsync(remote, "one", "local");
        await using var two = await StartAsync(remote, "two", "remote");
        await Task.WhenAll(WriteForAsync(one, 2), WriteForAsync(two, 2));
        // A push and a fetch over HTTPS may take a second by themselves beside the other tests.
        await AssertAllIsThereOnceAsync(server, s_pullEvery + (2 * s_second), ("one", one), ("two", two));
    }

    private async Task AssertThreeLoseNothingAsync(BareRepositories server, params string[] remote)
    {
        await using var one = await StartAsync(remote, "one", "local");
        await using var two = await StartAsync(remote, "two", "local");
        await using (var three = await StartAsync(remote, "three", "remote"))
        {
            var load = Task.WhenAll(WriteForAsync(one, 3), WriteForAsync(two, 3), WriteForAsync(three, 10));
            await Task.Delay(1500, Cancel);
            three.Signal(Sigkill);
            await three.WaitForExitAsync();
            Directory.Delete(_folder["three"], recursive: true);
            await load;
        }
        await using var again = await StartAsync(remote, "three", "remote");
        await WriteForAsync(again, 1);
        await AssertAllIsThereOnceAsync(server, s_pullEvery + s_second, ("one", one), ("two", two), ("three", again));
    }

    private async Task AssertAllIsThereOnceAsync(BareRepositories server, TimeSpan readWithin, params (string Name, PasteurProcess Site)[] sites)
    {
        foreach (var (_, site) in sites)
            await UntilIdleAsync(site);
        await AssertIsSoonReadEverywhereAsync([.. sites.Select(site => site.Site)], readWithin);
        foreach (var (_, site) in sites)
            Assert.Equal(0, await site.StopAsync());
        AssertTrees(server, sites.Select(site => site.Name));
        AssertHoldsAllOnce(server);
    }

    private Task<PasteurProcess> StartAsync(string[] remote, string name, string ack) =>
        PasteurProcess.ServeAsync([.. remote, "--data", _folder[name], "--ack", ack, "--pull-every", $"{s_pullEvery.TotalSeconds}s", "--inbox-above", $"{_inboxAbove}"]);

    private Task WriteForAsync(PasteurProcess site, int seconds)
    {
        var until = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        return Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < until && await PasteAsync(site) is not null)
            {
            }
        }, Cancel)));
    }

    // Null: the program is gone.
    private async Task<string?> PasteAsync(PasteurProcess site)
    {
        var text = Guid.NewGuid().ToString();
        try
        {
            using var body = new StringContent(text);
            using var answer = await site.Http.PostAsync("", body, Cancel);
            var link = await answer.Content.ReadAsStringAsync(Cancel);
            if (answer.StatusCode != HttpStatusCode.OK)
                return "";
            var id = link.TrimEnd().Split('/')[^1];
            _promised[id] = text;
            return id;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    // Each pastes on an idle site, and all the others show it by their next fetch and a second, whether anybody asks them or not.
    private async Task AssertIsSoonReadEverywhereAsync(PasteurProcess[] sites, TimeSpan within)
    {
        foreach (var site in sites)
        {
            var id = Assert.IsType<string>(await PasteAsync(site));
            var since = Stopwatch.GetTimestamp();
            await Task.WhenAll(sites.Select(async reader =>
            {
                while ((await reader.GetAsync($"raw/{id}")).StatusCode != HttpStatusCode.OK)
                    Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, within);
            }));
            TestContext.Current.SendDiagnosticMessage($"read everywhere after {Stopwatch.GetElapsedTime(since).TotalMilliseconds:0} ms");
        }
        await Task.Delay(2 * s_pullEvery, Cancel);
    }

    private static async Task UntilIdleAsync(PasteurProcess site)
    {
        for (var tries = 0; !(await site.Http.GetStringAsync("healthz", Cancel)).Contains("\"backlog\": 0", StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 300, $"a backlog after 30 s: {await site.Http.GetStringAsync("healthz", Cancel)} {string.Join('\n', site.Errors)}");
            await Task.Delay(100, Cancel);
        }
    }

    private void AssertTrees(BareRepositories server, IEnumerable<string> sites)
    {
        foreach (var name in sites)
        {
            var repository = Path.Combine(_folder[name], "pastes.git");
            foreach (var head in Heads(server))
                Assert.Equal(server.Git(Repository, "rev-parse", $"{head}^{{tree}}"), StockGit.Run(repository, "rev-parse", $"{head}^{{tree}}"));
            Assert.Equal("", StockGit.Run(repository, "fsck", "--strict", "--no-dangling"));
        }
        server.AssertSound(Repository);
    }

    // A paste is on the branch or, until that has taken it in, on an inbox.
    private void AssertHoldsAllOnce(BareRepositories server)
    {
        Assert.True(_promised.Count > 2 * Writers, $"only {_promised.Count} pastes: this proves nothing");
        var heads = Heads(server);
        var held = heads.SelectMany(head => server.Git(Repository, "ls-tree", "-r", head).Split('\n')).Where(line => line.EndsWith("/paste.txt", StringComparison.Ordinal))
            .ToLookup(line => line.Split('/')[^2], line => line.Split('\t')[0].Split(' ')[2]);
        Assert.Empty(_promised.Keys.Where(id => held[id].Count() != 1).Select(id => $"{id} is there {held[id].Count()} times on {string.Join(' ', heads)}"));
        foreach (var (id, text) in _promised)
            Assert.Equal(BlobId(text), held[id].Single());
        var subjects = server.Git(Repository, "log", "--format=%s", "main").Split('\n');
        Assert.Equal(subjects.Length, subjects.Distinct().Count());
    }

    // The killed one may have left the branch by which it asked whether the remote takes inboxes.
    private static string[] Heads(BareRepositories server) =>
        [.. server.Git(Repository, "for-each-ref", "--format=%(refname:short)", "refs/heads").Split('\n').Where(head => !head.StartsWith("inbox/check/", StringComparison.Ordinal))];

    private static string BlobId(string text) => ObjectHasher.Hash(ObjectKind.Blob, Encoding.UTF8.GetBytes(text)).ToString();
}
