using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Pastes by way of inboxes, on the real git daemon; stock git says what is there.</summary>
public sealed class InboxTests : IDisposable
{
    private const string Repository = "r.git";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Over_the_bound_pastes_go_to_inboxes_that_are_merged_and_a_clone_of_the_branch_has_them_all()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var server = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 8, new SyncHostOptions { Folder = _folder["one"] });
        var ids = await server.FillAsync(5);
        for (var n = 0; n < 30; n++) ids.Add((await server.CreateAsync($"paste {n}")).Id.ToString());
        await server.Host.UntilAsync(() => server.Inboxes.Count == 1 && Heads(daemon).Count == 2, "the merges");

        foreach (var id in ids) Assert.NotNull(server.ReadHere(id));
        await MergeAllAsync(server, daemon);
        var clone = _folder["clone"];
        StockGit.Run(_folder.Path, "clone", "-q", "--single-branch", "-b", "main", daemon.Url(Repository), clone);
        foreach (var id in ids) Assert.True(File.Exists(Path.Combine(clone, id[..1], id[1..2], id[2..3], id, "paste.txt")));
        Assert.True(int.Parse(StockGit.Run(clone, "rev-list", "--count", "--merges", "HEAD"), System.Globalization.CultureInfo.InvariantCulture) >= 4);
        Assert.Equal("", StockGit.Run(clone, "fsck", "--strict", "--no-dangling"));
        daemon.AssertSound(Repository);
        await server.Host.UntilSyncedAsync();
    }

    [Fact]
    public async Task Two_servers_at_full_speed_lose_nothing_and_have_nothing_twice()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 40, new SyncHostOptions { Folder = _folder["one"] });
        await using var two = await InboxServer.StartAsync(daemon.Url(Repository), "two", above: 40, new SyncHostOptions { Folder = _folder["two"], Ack = AckMode.Remote });
        var first = await one.FillAsync(25);
        await two.Host.UntilAsync(() => two.Inbox.Target is not null || !two.Inbox.IsWanted, "the other");
        await two.Host.UntilAsync(() => two.Inbox.Target is not null, "the other's inbox");
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            var server = writer % 2 == 0 ? one : two;
            var ids = new List<string>();
            for (var n = 0; n < (writer % 2 == 0 ? 60 : 25); n++) ids.Add((await server.CreateAsync($"writer {writer} paste {n}")).Id.ToString());
            return ids;
        }));
        var all = made.SelectMany(ids => ids).Concat(first).ToArray();
        foreach (var server in (InboxServer[])[one, two])
            foreach (var id in all) await server.UntilFoundAsync(id);
        await MergeAllAsync(one, daemon);
        await MergeAllAsync(two, daemon);
        foreach (var server in (InboxServer[])[one, two])
        {
            await server.Host.UntilAsync(() => server.Host.Tip().ToString() == daemon.Git(Repository, "rev-parse", "main"), "the same branch");
            foreach (var id in all) Assert.NotNull(server.ReadHere(id));
        }
        var files = daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main").Split('\n').Where(path => path.EndsWith("paste.txt", StringComparison.Ordinal)).Select(path => path.Split('/')[3]).Order(StringComparer.Ordinal);
        Assert.Equal(all.Order(StringComparer.Ordinal), files);
        Assert.DoesNotContain(one.Host.Log.Concat(two.Host.Log), line => line.StartsWith("Error", StringComparison.Ordinal) || line.Contains("is gone", StringComparison.Ordinal));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task What_was_answered_with_ack_remote_is_on_the_remote_through_rolls_and_merges()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 8, new SyncHostOptions { Ack = AckMode.Remote });
        await one.FillAsync(5);
        for (var n = 0; n < 15; n++)
        {
            var id = (await one.CreateAsync($"paste {n}")).Id.ToString();
            var path = $"{id[0]}/{id[1]}/{id[2]}/{id}/paste.txt";
            Assert.NotEqual("", daemon.Git(Repository, "log", "--all", "--format=%h", "--", path));
        }
        daemon.AssertSound(Repository);
    }

    [Theory]
    [InlineData("case $1 in refs/heads/inbox/*) echo 'only main here' >&2; exit 1;; esac", "the remote takes no new branches: hook declined; only main here")]
    [InlineData("case $3 in 0000*) echo 'nothing is deleted here' >&2; exit 1;; esac", "the remote deletes no branches")]
    public async Task A_remote_that_refuses_is_named_and_everything_stays_on_the_branch(string hook, string said)
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        daemon.AddHook(Repository, "update", hook);
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 8, new SyncHostOptions { Folder = _folder["one"], Ack = AckMode.Remote });
        for (var n = 0; n < 6; n++) await one.CreateAsync($"filler {n}");
        await one.Host.UntilAsync(() => one.Host.Status.RefusesInbox is not null, "the refusal");
        Assert.Contains(said, one.Host.Status.RefusesInbox!, StringComparison.Ordinal);
        Assert.Contains(one.Host.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(said, StringComparison.Ordinal) && line.Contains("--inbox-above 0", StringComparison.Ordinal));
        var id = (await one.CreateAsync("stays")).Id.ToString();
        Assert.Contains(id, daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main"), StringComparison.Ordinal);
        Assert.DoesNotContain(Heads(daemon), head => head.StartsWith("inbox/one", StringComparison.Ordinal));
        Assert.Empty(one.Inboxes);
    }

    [Fact]
    public async Task A_remote_that_refuses_from_some_day_on_gets_what_waits_with_the_branch()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 100, new SyncHostOptions { Folder = _folder["one"] });
        var ids = await one.FillAsync(51);
        ids.Add((await one.CreateAsync("before")).Id.ToString());
        await one.Host.UntilAsync(() => Heads(daemon).Count == 2 && daemon.Git(Repository, "rev-parse", Heads(daemon)[0]) == one.Host.Tip(one.Inbox.Target!).ToString(), "the push");
        daemon.AddHook(Repository, "update", "case $1 in refs/heads/inbox/*) echo 'only main here' >&2; exit 1;; esac");
        ids.Add((await one.CreateAsync("after")).Id.ToString());
        await one.Host.UntilAsync(() => one.Inbox.Target is null && one.Inboxes.Count == 0, "the merge");
        ids.Add((await one.CreateAsync("later")).Id.ToString());
        await one.Host.UntilAsync(() => daemon.Git(Repository, "rev-parse", "main") == one.Host.Tip().ToString(), "the branch");
        foreach (var id in ids) Assert.Contains(id, daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main"), StringComparison.Ordinal);
        Assert.Contains("only main here", one.Host.Status.RefusesInbox!, StringComparison.Ordinal);
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Edits_and_deletions_hold_wherever_the_paste_is_and_whoever_makes_them()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 60, new SyncHostOptions { Folder = _folder["one"] });
        await using var two = await InboxServer.StartAsync(daemon.Url(Repository), "two", above: 60, new SyncHostOptions { Folder = _folder["two"] });
        CreateOutcome.Created[] onBranch = [await one.CreateAsync("b0"), await one.CreateAsync("b1")];
        await one.FillAsync(30);
        CreateOutcome.Created[] inInbox = [await one.CreateAsync("i0"), await one.CreateAsync("i1"), await one.CreateAsync("i2"), await one.CreateAsync("i3")];
        foreach (var created in inInbox.Concat(onBranch)) await two.UntilFoundAsync(created.Id.ToString());

        await EditAsync(two, onBranch[0], "b0 edited");
        await DeleteAsync(two, onBranch[1]);
        await EditAsync(one, inInbox[0], "i0 edited");
        await DeleteAsync(one, inInbox[1]);
        await EditAsync(two, inInbox[2], "i2 edited");
        await DeleteAsync(two, inInbox[3]);
        // At the same time the inbox goes on, and is merged.
        for (var n = 0; n < 40; n++) await one.CreateAsync($"more {n}");
        await MergeAllAsync(one, daemon);
        foreach (var server in (InboxServer[])[one, two])
        {
            await server.Host.UntilAsync(() => server.ReadHere(onBranch[0].Id.ToString()) == "b0 edited" && server.ReadHere(inInbox[0].Id.ToString()) == "i0 edited" && server.ReadHere(inInbox[2].Id.ToString()) == "i2 edited", "the edits");
            await server.Host.UntilAsync(() => server.ReadHere(onBranch[1].Id.ToString()) is null && server.ReadHere(inInbox[1].Id.ToString()) is null && server.ReadHere(inInbox[3].Id.ToString()) is null, "the deletions");
        }
        await one.Host.UntilAsync(() => daemon.Git(Repository, "rev-parse", "main") == one.Host.Tip().ToString() && one.Host.Tip() == two.Host.Tip(), "the same branch");
        Assert.DoesNotContain(daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main").Split('\n'), path => path.Contains(inInbox[3].Id.ToString(), StringComparison.Ordinal));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Changes_at_another_server_while_it_is_merged_are_kept()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 8, new SyncHostOptions { Folder = _folder["one"] });
        // Fetches when it is asked for what it does not know, and before a push that lost.
        await using var two = await InboxServer.StartAsync(daemon.Url(Repository), "two", above: 0, new SyncHostOptions { Folder = _folder["two"], PullEvery = TimeSpan.FromMinutes(5) });
        await one.FillAsync(5);
        var edited = await one.CreateAsync("to edit");
        var deleted = await one.CreateAsync("to delete");
        await two.UntilFoundAsync(deleted.Id.ToString());
        Assert.NotNull(two.ReadHere(edited.Id.ToString()));
        for (var n = 0; n < 8; n++) await one.CreateAsync($"more {n}");
        await one.Host.UntilAsync(() => one.Pastes.FindHere(edited.Id.ToString())!.Inbox is null, "the merge");
        Assert.NotNull(two.Pastes.FindHere(edited.Id.ToString())!.Inbox);
        await EditAsync(two, edited, "edited late");
        await DeleteAsync(two, deleted);
        foreach (var server in (InboxServer[])[one, two])
            await server.Host.UntilAsync(() => server.ReadHere(edited.Id.ToString()) == "edited late" && server.ReadHere(deleted.Id.ToString()) is null, "the changes");
        await one.Host.UntilAsync(() => one.Host.Tip().ToString() == daemon.Git(Repository, "rev-parse", "main") && Heads(daemon).Count == 2, "the end of it");
        foreach (var server in (InboxServer[])[one, two])
            Assert.True(server.ReadHere(edited.Id.ToString()) == "edited late" && server.ReadHere(deleted.Id.ToString()) is null);
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Deleted_by_a_stranger_it_is_made_again_and_a_strangers_own_branches_are_left_alone()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 20, new SyncHostOptions { Folder = _folder["one"] });
        var ids = await one.FillAsync(11);
        ids.Add((await one.CreateAsync("kept")).Id.ToString());
        var target = one.Inbox.Target!;
        await one.Host.UntilAsync(() => Heads(daemon).Contains(target) && daemon.Git(Repository, "rev-parse", target) == one.Host.Tip(target).ToString(), "the push");
        daemon.PushForeign(Repository, "a/b/c/abcd/paste.txt", "stranger", "inbox/mine");
        daemon.Git(Repository, "update-ref", "-d", "refs/heads/" + target);
        await one.Host.UntilAsync(() => one.Host.Log.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains($"{target} is gone from the remote", StringComparison.Ordinal)), "the line");
        await one.Host.UntilAsync(() => Heads(daemon).Contains(target), "the inbox again");
        await MergeAllAsync(one, daemon);
        foreach (var id in ids) Assert.Contains(id, daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main"), StringComparison.Ordinal);
        Assert.Contains("inbox/mine", Heads(daemon));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Two_inboxes_with_the_same_paste_keep_one_and_say_so_and_an_inbox_that_was_left_is_merged_in_time()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        // Left by servers that are no more, three days ago.
        var old = DateTimeOffset.UtcNow.AddDays(-3).ToUnixTimeSeconds();
        foreach (var (server, text) in ((string, string)[])[("left1", "of the one"), ("left2", "of the other")])
        {
            var branch = $"inbox/{server}-{old}";
            var blob = _folder[server];
            await File.WriteAllTextAsync(blob, text, Cancel);
            var id = daemon.Git(Repository, "hash-object", "-w", blob);
            daemon.Git(Repository, "read-tree", "--empty");
            daemon.Git(Repository, "update-index", "--add", "--cacheinfo", $"100644,{id},s/a/m/samesame/paste.txt");
            daemon.Git(Repository, "update-ref", "refs/heads/" + branch, daemon.Git(Repository, "commit-tree", daemon.Git(Repository, "write-tree"), "-m", branch));
        }
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 0, new SyncHostOptions { Folder = _folder["one"] });
        await one.Host.UntilAsync(() => Heads(daemon).Count == 1, "the merges");
        Assert.NotNull(one.ReadHere("samesame"));
        Assert.Contains(one.Host.Log, line => line.Contains("s/a/m/samesame was changed here and on the remote at the same time", StringComparison.Ordinal));
        // Both are in the history.
        var blobs = daemon.Git(Repository, "rev-list", "--objects", "main").Split('\n').Where(line => line.EndsWith("samesame/paste.txt", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, blobs.Length);
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Switched_off_all_goes_to_the_branch_and_switched_on_again_to_inboxes()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        var ids = new List<string>();
        await using (var on = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 60, new SyncHostOptions { Folder = _folder["one"] }))
        {
            ids.AddRange(await on.FillAsync(31));
            ids.Add((await on.CreateAsync("in an inbox")).Id.ToString());
            Assert.NotNull(on.Pastes.FindHere(ids[^1])!.Inbox);
        }
        await using (var off = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 0, new SyncHostOptions { Folder = _folder["one"] }))
        {
            foreach (var id in ids) Assert.NotNull(off.ReadHere(id));
            await off.Host.UntilAsync(() => off.Inboxes.Count == 0 && Heads(daemon).Count == 1, "the merge");
            ids.Add((await off.CreateAsync("on the branch")).Id.ToString());
            await off.Host.UntilSyncedAsync();
            foreach (var id in ids) Assert.Contains(id, daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main"), StringComparison.Ordinal);
        }
        await using (var on = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 60, new SyncHostOptions { Folder = _folder["one"] }))
        {
            await on.Host.UntilAsync(() => on.Inbox.Target is not null, "an inbox");
            ids.Add((await on.CreateAsync("in an inbox again")).Id.ToString());
            foreach (var id in ids) Assert.NotNull(on.ReadHere(id));
        }
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task A_server_that_slept_through_a_merge_brings_nothing_back()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 20, new SyncHostOptions { Folder = _folder["one"] });
        await one.FillAsync(11);
        var deleted = await one.CreateAsync("to delete");
        await using (var two = await InboxServer.StartAsync(daemon.Url(Repository), "two", above: 20, new SyncHostOptions { Folder = _folder["two"] }))
            await two.UntilFoundAsync(deleted.Id.ToString());
        for (var n = 0; n < 5; n++) await one.CreateAsync($"more {n}");
        await MergeAllAsync(one, daemon);
        await DeleteAsync(one, deleted);
        await using var again = await InboxServer.StartAsync(daemon.Url(Repository), "two", above: 20, new SyncHostOptions { Folder = _folder["two"] });
        await again.Host.UntilAsync(() => again.ReadHere(deleted.Id.ToString()) is null, "the deletion");
        await Task.Delay(TimeSpan.FromSeconds(2), Cancel);
        Assert.Null(again.ReadHere(deleted.Id.ToString()));
        Assert.DoesNotContain(again.Host.Log, line => line.Contains("is gone", StringComparison.Ordinal));
        Assert.DoesNotContain(daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main").Split('\n'), path => path.Contains(deleted.Id.ToString(), StringComparison.Ordinal));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task What_is_erased_goes_from_inboxes_and_from_what_was_merged_at_both_servers()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "false");
        await using var one = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 20, new SyncHostOptions { Folder = _folder["one"] });
        await using var two = await InboxServer.StartAsync(daemon.Url(Repository), "two", above: 20, new SyncHostOptions { Folder = _folder["two"] });
        var kept = await one.FillAsync(11);
        var merged = await one.CreateAsync("canary merged");
        for (var n = 0; n < 12; n++) kept.Add((await one.CreateAsync($"more {n}")).Id.ToString());
        await one.Host.UntilAsync(() => one.Pastes.FindHere(merged.Id.ToString())?.Inbox is null, "the merge");
        var waiting = await one.CreateAsync("canary waiting");
        kept.Add((await one.CreateAsync("after")).Id.ToString());
        await two.UntilFoundAsync(kept[^1]);
        Assert.NotNull(one.Pastes.FindHere(waiting.Id.ToString())!.Inbox);

        Assert.IsType<Pasteur.Git.EraseOutcome.Erased>(await one.Host.Sync.EraseAsync(Erasures.Of("main", [merged.Id, waiting.Id], DateTimeOffset.UtcNow), Cancel));
        await MergeAllAsync(one, daemon);
        foreach (var server in (InboxServer[])[one, two])
        {
            await server.Host.UntilAsync(() => server.Host.Tip().ToString() == daemon.Git(Repository, "rev-parse", "main"), "the same branch");
            foreach (var id in kept) Assert.NotNull(server.ReadHere(id));
            foreach (var gone in (CreateOutcome.Created[])[merged, waiting]) Assert.Null(server.ReadHere(gone.Id.ToString()));
        }
        var names = daemon.Git(Repository, "rev-list", "--objects", "--all");
        foreach (var gone in (CreateOutcome.Created[])[merged, waiting]) Assert.DoesNotContain($"/{gone.Id}/", names, StringComparison.Ordinal);
        daemon.AssertSound(Repository);
    }

    private static async Task EditAsync(InboxServer server, CreateOutcome.Created paste, string text) =>
        Assert.IsType<ChangeOutcome.Changed>(await server.Pastes.EditAsync(paste.Id.ToString(), new PasteEdit { Token = paste.Token.Reveal(), Paste = InboxServer.New(text) }, Cancel));

    private static async Task DeleteAsync(InboxServer server, CreateOutcome.Created paste) =>
        Assert.IsType<ChangeOutcome.Changed>(await server.Pastes.DeleteAsync(paste.Id.ToString(), paste.Token.Reveal(), Cancel));

    // A day later, the inbox that takes pastes has waited long enough.
    private static async Task MergeAllAsync(InboxServer server, GitDaemon daemon)
    {
        server.Clock.Moved += TimeSpan.FromDays(1);
        await server.Host.UntilAsync(() => server.Inbox.Target is { } target && server.Host.Repository.Current.RemoteTip(target) == server.Host.Tip(target) && daemon.Git(Repository, "rev-list", "--count", target) == "1" &&
            Heads(daemon).Count(head => head.StartsWith("inbox/" + server.Name, StringComparison.Ordinal)) == 1, "the last merge");
    }

    private static List<string> Heads(GitDaemon daemon) => [.. daemon.Git(Repository, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").Split('\n').Where(name => name.Length > 0 && !name.Contains("/check/", StringComparison.Ordinal))];
}
