using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Configuration;
using Pasteur.Interop.Support;
using Pasteur.Pastes;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>
/// Pastes that end, with servers on one remote whose clocks the tests move: branches are made, go on and are deleted on the real git daemon,
/// and stock git says what is there.
/// </summary>
public sealed class EndingTests : IDisposable
{
    private const string Repository = "r.git";
    private const string Canary = "canary-5d1e-ends-everywhere";

    private readonly TemporaryFolder _folder = new();
    private readonly DateTimeOffset _start = new(2026, 11, 27, 10, 20, 30, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Servers_share_them_one_branch_each_and_all_are_deleted_when_their_time_comes()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        daemon.AddHook(Repository, "update", "echo \"$1 $2 $3\" >>updates");
        await using var one = await StartAsync(daemon, "one", TimeSpan.Zero);
        await using var two = await StartAsync(daemon, "two", TimeSpan.FromMinutes(-1));
        var of = new Dictionary<string, Server>();
        for (var n = 0; n < 10; n++)
            foreach (var server in (Server[])[one, two]) of[await server.CreateAsync($"{Canary} {n}", TimeSpan.FromHours(1))] = server;
        var stays = await one.CreateAsync("stays", null);
        foreach (var server in (Server[])[one, two])
            foreach (var id in of.Keys.Append(stays)) await server.UntilFoundAsync(id);

        await one.Host.UntilAsync(() => Heads(daemon).Count == 3, "two branches beside main");
        Assert.Equal(["main", "until/2026-11-27T12Z/one", "until/2026-11-27T12Z/two"], Heads(daemon));
        Assert.All(Heads(daemon).Skip(1), branch => Assert.Single(daemon.Git(Repository, "rev-list", "--max-parents=0", branch).Split('\n')));
        daemon.AssertSound(Repository);

        // By the one's clock they end; by the other's they live for a minute more, and it makes nothing again.
        foreach (var server in (Server[])[one, two]) server.Clock.Now = new DateTimeOffset(2026, 11, 27, 12, 2, 0, TimeSpan.Zero) + server.Skew;
        foreach (var id in of.Keys) Assert.Null(await one.Pastes.FindAsync(id, Cancel));
        Assert.Equal(2, await one.Sweep.SweepAsync(Cancel));
        await one.Host.UntilAsync(() => Heads(daemon).Count == 1, "their end on the remote");
        await Task.Delay(TimeSpan.FromSeconds(2), Cancel);
        Assert.Equal(["main"], Heads(daemon));
        two.Clock.Now += TimeSpan.FromMinutes(1);
        await two.Sweep.SweepAsync(Cancel);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        Assert.Equal(["main"], Heads(daemon));
        foreach (var server in (Server[])[one, two])
        {
            Assert.NotNull(await server.Pastes.FindAsync(stays, Cancel));
            await server.Host.UntilAsync(() => !server.Host.Repository.Current.RefNames.Any(name => name.Contains("/until/", StringComparison.Ordinal)), "no branch there");
        }
        daemon.AssertSound(Repository);
        var deletions = (await File.ReadAllLinesAsync(Path.Combine(daemon.Path(Repository), "updates"), Cancel)).Where(line => line.EndsWith(new string('0', 40), StringComparison.Ordinal) && !line.Contains("/check/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, deletions.Length);
    }

    [Fact]
    public async Task A_server_that_slept_through_their_end_brings_nothing_back()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await StartAsync(daemon, "one", TimeSpan.Zero);
        string id;
        await using (var sleeper = await StartAsync(daemon, "sleeper", TimeSpan.Zero))
        {
            id = await one.CreateAsync(Canary, TimeSpan.FromHours(1));
            await sleeper.UntilFoundAsync(id);
        }
        one.Clock.Now += TimeSpan.FromDays(1);
        await one.Sweep.SweepAsync(Cancel);
        await one.Host.UntilAsync(() => Heads(daemon).Count == 1, "their end on the remote");

        await using var again = await StartAsync(daemon, "sleeper", TimeSpan.Zero);
        again.Clock.Now += TimeSpan.FromDays(1);
        Assert.Null(await again.Pastes.FindAsync(id, Cancel));
        await Task.Delay(TimeSpan.FromSeconds(2), Cancel);
        Assert.Equal(["main"], Heads(daemon));
        Assert.Equal(1, await again.Sweep.SweepAsync(Cancel));
        Assert.Equal(["main"], Heads(daemon));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task All_servers_slept_and_whoever_wakes_first_deletes_what_is_over_and_nothing_else()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        foreach (var branch in (string[])["until/2020-01-01/elsewhere", "until/2020-01-01T05Z/elsewhere", "until/2030-01-01/elsewhere", "until/mine"])
            daemon.PushForeign(Repository, "a/b/c/abcd/paste.txt", branch, branch);
        await using var one = await StartAsync(daemon, "one", TimeSpan.Zero);
        await one.Host.UntilAsync(() => Heads(daemon).Count == 3, "their end");
        Assert.Equal(["main", "until/2030-01-01/elsewhere", "until/mine"], Heads(daemon));
        await one.Host.UntilAsync(() => one.Host.Read("abcd", "until/2030-01-01/elsewhere") is not null, "the one that lives");
        Assert.Equal("", one.Host.Read("abcd", "until/2020-01-01/elsewhere") ?? "");
    }

    [Fact]
    public async Task An_edit_and_a_deletion_on_another_server_hold_on_both()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await StartAsync(daemon, "one", TimeSpan.Zero);
        await using var two = await StartAsync(daemon, "two", TimeSpan.Zero);
        var made = Assert.IsType<CreateOutcome.Created>(await one.Pastes.CreateAsync(New(one, "first", TimeSpan.FromHours(1)), Cancel));
        var other = Assert.IsType<CreateOutcome.Created>(await one.Pastes.CreateAsync(New(one, "other", TimeSpan.FromHours(1)), Cancel));
        var (id, token) = (made.Id.ToString(), made.Token.Reveal());
        await two.UntilFoundAsync(other.Id.ToString());

        Assert.IsType<ChangeOutcome.Changed>(await two.Pastes.EditAsync(id, new PasteEdit { Token = token, Paste = New(two, "second", null) }, Cancel));
        await one.UntilAsync(async () => Text(await one.Pastes.FindAsync(id, Cancel)) == "second", "the edit");
        Assert.IsType<ChangeOutcome.Changed>(await two.Pastes.DeleteAsync(other.Id.ToString(), other.Token.Reveal(), Cancel));
        // At the same time the first server goes on with its branch.
        for (var n = 0; n < 5; n++) await one.CreateAsync($"more {n}", TimeSpan.FromHours(1));
        foreach (var server in (Server[])[one, two])
            await server.UntilAsync(async () => await server.Pastes.FindAsync(other.Id.ToString(), Cancel) is null && Text(await server.Pastes.FindAsync(id, Cancel)) == "second", "both");
        await one.Host.UntilAsync(() => one.Host.Tip("until/2026-11-27T12Z/one") == two.Host.Tip("until/2026-11-27T12Z/one"), "the same branch");
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task With_ack_remote_it_is_answered_when_the_remote_has_it()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        // In memory: what was answered must be on the remote at once.
        await using var one = await StartAsync(daemon, null, TimeSpan.Zero);
        for (var n = 0; n < 5; n++)
        {
            var id = await one.CreateAsync($"{Canary} {n}", TimeSpan.FromHours(1));
            Assert.Equal($"{Canary} {n}", daemon.Git(Repository, "cat-file", "-p", $"until/2026-11-27T12Z/memory:{id[0]}/{id[1]}/{id[2]}/{id}/paste.txt"));
        }
        await daemon.StopAsync();
        Assert.IsType<CreateOutcome.Undecided>(await one.Pastes.CreateAsync(New(one, "lost?", TimeSpan.FromHours(1)), Cancel));
        Assert.Equal(1, one.Host.Status.Backlog);
        Assert.NotNull(one.Host.Status.OldestUnpushed);
        await daemon.StartAsync();
        await one.Host.UntilAsync(() => one.Host.Repository.RemoteTip("until/2026-11-27T12Z/memory") == one.Host.Tip("until/2026-11-27T12Z/memory"), "the push");
        await one.Host.UntilAsync(() => one.Host.Status is { Backlog: 0, OldestUnpushed: null }, "no backlog");
        daemon.AssertSound(Repository);
    }

    [Theory]
    [InlineData("case $1 in refs/heads/until/*) echo 'only main here' >&2; exit 1;; esac", "the remote takes no new branches: hook declined; only main here")]
    [InlineData("case $3 in 0000*) echo 'nothing is deleted here' >&2; exit 1;; esac", "the remote deletes no branches")]
    public async Task A_remote_that_refuses_is_found_at_start_and_named_and_what_stays_goes_on(string hook, string said)
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        daemon.AddHook(Repository, "update", hook);
        await using var one = await StartAsync(daemon, "one", TimeSpan.Zero);
        await one.Host.UntilAsync(() => one.Host.Sync.RefusesEnding is not null, "the refusal");
        Assert.Contains(said, one.Host.Sync.RefusesEnding!, StringComparison.Ordinal);
        await one.Host.UntilAsync(() => one.Host.Log.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(said, StringComparison.Ordinal) && line.Contains("--expiry-on local", StringComparison.Ordinal)), "the warning");
        var refused = Assert.IsType<CreateOutcome.NoneEnds>(await one.Pastes.CreateAsync(New(one, Canary, TimeSpan.FromHours(1)), Cancel));
        Assert.Contains(said, refused.Reason, StringComparison.Ordinal);
        var stays = await one.CreateAsync("stays", null);
        await one.Host.UntilAsync(() => daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main").Contains(stays, StringComparison.Ordinal), "the paste that stays");
        Assert.DoesNotContain(Heads(daemon), branch => branch.StartsWith("until/2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gone_before_its_time_it_is_made_again()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await StartAsync(daemon, "one", TimeSpan.Zero);
        await one.CreateAsync(Canary, TimeSpan.FromHours(1));
        await one.Host.UntilAsync(() => Heads(daemon).Count == 2, "the branch");
        daemon.Git(Repository, "update-ref", "-d", "refs/heads/until/2026-11-27T12Z/one");
        await one.Host.UntilAsync(() => Heads(daemon).Count == 2, "the branch, again");
    }

    [Fact]
    public async Task The_program_answers_when_the_remote_has_it_and_says_who_refuses_and_what_may_be_done()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using (var site = await PasteurProcess.ServeAsync("--remote", daemon.Url(Repository), "--no-data"))
        {
            var (status, line) = await PasteAsync(site, ("paste", Canary), ("expires", "1h"));
            Assert.Equal(HttpStatusCode.OK, status);
            var id = line.Split('/')[^1];
            Assert.Contains($"/{id}/paste.txt", daemon.Git(Repository, "ls-tree", "-r", "--name-only", Heads(daemon)[^1]), StringComparison.Ordinal);
        }
        daemon.AddHook(Repository, "update", "case $1 in refs/heads/until/*) echo 'only main here' >&2; exit 1;; esac");
        await using (var site = await PasteurProcess.ServeAsync("--remote", daemon.Url(Repository), "--data", _folder["refused"]))
        {
            await UntilAsync(async () => (await site.Http.GetStringAsync("healthz", Cancel)).Contains("only main here", StringComparison.Ordinal), "the refusal in the health report");
            var (status, line) = await PasteAsync(site, ("paste", Canary), ("expires", "1h"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("only main here", line, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await PasteAsync(site, ("paste", "stays"))).Status);
            Assert.Contains(site.Errors, error => error.Contains("--expiry-on local", StringComparison.Ordinal));
        }
        await using (var site = await PasteurProcess.ServeAsync("--remote", daemon.Url(Repository), "--data", _folder["here"], "--expiry-on", "local", "--ack", "remote"))
            Assert.Equal(HttpStatusCode.OK, (await PasteAsync(site, ("paste", Canary), ("expires", "1h"))).Status);
        await using (var site = await PasteurProcess.ServeAsync("--remote", daemon.Url(Repository), "--data", _folder["none"], "--expiry-on", "none"))
        {
            var (status, line) = await PasteAsync(site, ("paste", Canary), ("expires", "1h"));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("takes no pastes that end", line, StringComparison.Ordinal);
        }
        Assert.Equal(2, Heads(daemon).Count);
    }

    private static async Task<(HttpStatusCode Status, string Line)> PasteAsync(PasteurProcess site, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await site.Http.PostAsync("", form, Cancel);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync(Cancel)).Trim());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var n = 0; !await condition(); n++)
        {
            Assert.True(n < 500, $"{what} did not come about");
            await Task.Delay(20, Cancel);
        }
    }

    private static List<string> Heads(GitDaemon daemon) => [.. daemon.Git(Repository, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").Split('\n').Where(name => name.Length > 0 && !name.StartsWith("until/check/", StringComparison.Ordinal))];

    private static string? Text(Paste? paste) => paste is null ? null : Encoding.UTF8.GetString(paste.Files[0].Content.Span);

    private static NewPaste New(Server server, string text, TimeSpan? life) =>
        new() { Files = [new NewFile(null, Encoding.UTF8.GetBytes(text))], Expires = life is { } time ? server.Clock.Now - server.Skew + time : null };

    private async Task<Server> StartAsync(GitDaemon daemon, string? name, TimeSpan skew)
    {
        var clock = new Clock { Now = _start + skew };
        var server = name ?? "memory";
        var host = await SyncHost.StartAsync(daemon.Url(Repository), new SyncHostOptions
        {
            Folder = name is null ? null : _folder[name],
            Ack = name is null ? AckMode.Remote : AckMode.Local,
            Ending = new EndingBranches(server, branch => StateOf(branch, clock.Now)),
        });
        var pastes = PasteStore.Open(host.Repository, new PasteStoreOptions
        {
            Branch = "main",
            IdLength = 10,
            Server = server,
            Time = clock,
            RefusesEnding = () => host.Sync.RefusesEnding,
            AwaitRemote = host.Sync.FollowAsync,
            AwaitRemoteOfEnding = host.Sync.FollowEndingAsync,
        });
        return new Server(host, pastes, clock, skew);
    }

    private static EndingState StateOf(string branch, DateTimeOffset now)
    {
        if (!Bucket.TryParse(branch, out var bucket)) return EndingState.Strange;
        return bucket.IsPast(now) ? EndingState.Past : bucket.IsClosing(now) ? EndingState.Closing : EndingState.Alive;
    }

    private sealed record Server(SyncHost Host, PasteStore Pastes, Clock Clock, TimeSpan Skew) : IAsyncDisposable
    {
        public ExpirySweep Sweep => new(Host.Repository, Pastes, Clock, NullLogger.Instance);

        public async Task<string> CreateAsync(string text, TimeSpan? life) =>
            Assert.IsType<CreateOutcome.Created>(await Pastes.CreateAsync(New(this, text, life), Cancel)).Id.ToString();

        public Task UntilFoundAsync(string id) => UntilAsync(async () => await Pastes.FindAsync(id, Cancel) is not null, $"paste {id}");

        public async Task UntilAsync(Func<Task<bool>> condition, string what)
        {
            for (var n = 0; !await condition(); n++)
            {
                if (n > 1000) Assert.Fail($"{what} did not come about. {Host.Status} Log: {string.Join(" | ", Host.Log)}");
                await Task.Delay(20, Cancel);
            }
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
