using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Protocol;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Servers without a disk before a remote that filters: they have a part of its branch. Real servers of git, and stock git says what is there.</summary>
public sealed class PartTests : IDisposable
{
    private const string Repository = "r.git";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["git", "folder", "ssh", "https"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static SyncHostOptions InPart => new() { SmallestPart = 10, Ack = AckMode.Remote };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Begun_without_a_disk_it_reads_every_paste_and_fetches_no_more_than_it_shows(string kind)
    {
        await using var server = await RemoteServer.StartAsync(kind);
        var ids = Fill(server.Repositories, 200);
        await using var site = await InboxServer.StartAsync(server.Url(Repository), "one", above: 0, InPart with { Access = server.Access });
        await site.Host.UntilAsync(() => site.Host.Status.FirstFetchDone, "the first fetch");
        Assert.Contains(site.Host.Log, line => line.Contains("what is asked for is fetched then", StringComparison.Ordinal));
        // The tip alone, and its root.
        Assert.Equal(2, site.Host.Repository.Health.Objects);
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), await site.ReadAsync(id));
        Assert.Null(await site.ReadAsync("zzzzzzzzzz"));
        Assert.Equal(2, site.Host.Repository.Health.Objects);
        // What others push is found, edited and gone.
        server.Repositories.PushForeign(Repository, $"{PasteCommit.FolderOf(ids[0])}/paste.txt", "edited by a stranger");
        server.Repositories.PushForeign(Repository, "x/y/z/xyzzyxyzzy/paste.txt", "of a stranger");
        Assert.Equal("of a stranger", await site.ReadAsync("xyzzyxyzzy"));
        await site.Host.UntilAsync(() => site.Host.Tip().ToString() == server.Repositories.Git(Repository, "rev-parse", "main"), "the tip");
        Assert.Equal("edited by a stranger", await site.ReadAsync(ids[0]));
        Assert.Equal(PasteCommit.Text(1), await site.ReadAsync(ids[1]));
        AssertQuiet(site);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Alone_it_pastes_by_inboxes_and_merges_them_into_the_branch_that_it_has_not(string kind)
    {
        await using var server = await RemoteServer.StartAsync(kind);
        var ids = Fill(server.Repositories, 200);
        await using (var site = await InboxServer.StartAsync(server.Url(Repository), "one", above: 40, InPart with { Access = server.Access }))
        {
            await site.Host.UntilAsync(() => site.Inbox.Target is not null, "an inbox");
            for (var n = 0; n < 70; n++)
            {
                ids.Add((await site.CreateAsync(PasteCommit.Text(ids.Count))).Id.ToString());
                Assert.NotNull(site.ReadHere(ids[^1]));
            }
            await MergeAllAsync(site, server.Repositories);
            foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), await site.ReadAsync(id));
            AssertQuiet(site);
        }
        var branch = server.Repositories.Git(Repository, "ls-tree", "-r", "--name-only", "main");
        foreach (var id in ids) Assert.Contains($"/{id}/paste.txt", branch, StringComparison.Ordinal);
        server.Repositories.AssertSound(Repository);
    }

    [Fact]
    public async Task Owners_edit_and_delete_what_is_not_here_and_others_race_them()
    {
        await using var daemon = await GitDaemon.StartAsync();
        await using var whole = await StartWholeAsync(daemon);
        var made = new List<CreateOutcome.Created>();
        for (var n = 0; n < 24; n++) made.Add(await whole.CreateAsync($"paste {n}"));
        await whole.Host.UntilSyncedAsync();
        await using var part = await InboxServer.StartAsync(daemon.Url(Repository), "part", above: 0, InPart with { PullEvery = TimeSpan.FromMinutes(5) });
        await part.Host.UntilAsync(() => part.Host.Status.FirstFetchDone, "the first fetch");
        Assert.NotNull(part.Host.Repository.Part);
        // It does not know what the other does meanwhile: its pushes lose, and ours are put on top.
        for (var n = 0; n < 24; n += 3)
        {
            await EditAsync(whole, made[n], $"edited {n}");
            await whole.Host.UntilSyncedAsync();
            await EditAsync(part, made[n + 1], $"edited {n + 1}");
            await DeleteAsync(part, made[n + 2]);
        }
        var later = await part.CreateAsync("later");
        foreach (var server in (InboxServer[])[whole, part])
        {
            await server.UntilFoundAsync(later.Id.ToString());
            for (var n = 0; n < 24; n++) Assert.Equal(n % 3 == 2 ? null : $"edited {n}", await server.ReadAsync(made[n].Id.ToString()));
        }
        await whole.Host.UntilAsync(() => whole.Host.Tip() == part.Host.Tip(), "the same branch");
        AssertQuiet(part);
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Whole_and_in_part_they_paste_and_merge_together_and_nothing_is_lost()
    {
        await using var daemon = await GitDaemon.StartAsync();
        await using var whole = await StartWholeAsync(daemon, above: 40);
        var ids = await whole.FillAsync(25);
        await whole.Host.UntilSyncedAsync();
        await using var part = await InboxServer.StartAsync(daemon.Url(Repository), "part", above: 40, InPart);
        await part.Host.UntilAsync(() => part.Inbox.Target is not null, "the inbox");
        Assert.NotNull(part.Host.Repository.Part);
        var more = await Task.WhenAll(new[] { whole, part }.Select(async server =>
        {
            var own = new List<string>();
            for (var n = 0; n < 50; n++) own.Add((await server.CreateAsync($"{server.Name} {n}")).Id.ToString());
            return own;
        }));
        ids.AddRange(more.SelectMany(own => own));
        await MergeAllAsync(whole, daemon);
        await MergeAllAsync(part, daemon);
        foreach (var server in (InboxServer[])[whole, part])
            foreach (var id in ids) await server.UntilFoundAsync(id);
        Assert.Equal(ids.Order(StringComparer.Ordinal), daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main").Split('\n').Where(path => path.EndsWith("paste.txt", StringComparison.Ordinal)).Select(path => path.Split('/')[3]).Order(StringComparer.Ordinal));
        AssertQuiet(part);
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Of_what_another_server_erases_nothing_comes_back()
    {
        await using var daemon = await GitDaemon.StartAsync();
        await using var whole = await StartWholeAsync(daemon, above: 40);
        daemon.Git(Repository, "config", "receive.denyNonFastForwards", "false");
        var kept = await whole.FillAsync(25);
        var onBranch = kept[3];
        kept.RemoveAt(3);
        await using var part = await InboxServer.StartAsync(daemon.Url(Repository), "part", above: 40, InPart);
        await part.Host.UntilAsync(() => part.Inbox.Target is not null, "the inbox");
        var inInbox = (await part.CreateAsync("canary in the inbox of the one in part")).Id;
        kept.Add((await part.CreateAsync("stays")).Id.ToString());
        Assert.NotNull(await part.ReadAsync(onBranch));
        await whole.UntilFoundAsync(kept[^1]);
        await whole.UntilFoundAsync(inInbox.ToString());

        Assert.True(PasteId.TryParse(onBranch, out var id));
        Assert.IsType<EraseOutcome.Refused>(await part.Host.Sync.EraseAsync(Erasures.Of("main", [id], DateTimeOffset.UtcNow), Cancel));
        Assert.IsType<EraseOutcome.Erased>(await whole.Host.Sync.EraseAsync(Erasures.Of("main", [id, inInbox], DateTimeOffset.UtcNow), Cancel));
        await part.Host.UntilAsync(() => part.Host.RemoteTip() == daemon.Git(Repository, "rev-parse", "main"), "the tip");
        kept.Add((await part.CreateAsync("later")).Id.ToString());
        await MergeAllAsync(part, daemon);
        Assert.Null(await part.ReadAsync(onBranch));
        Assert.Null(await part.ReadAsync(inInbox.ToString()));
        foreach (var each in kept) await part.UntilFoundAsync(each);
        var names = daemon.Git(Repository, "rev-list", "--objects", "--all");
        foreach (var gone in new[] { onBranch, inInbox.ToString() }) Assert.DoesNotContain($"/{gone}/", names, StringComparison.Ordinal);
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task A_remote_that_allows_no_filters_is_fetched_as_a_whole_and_what_that_takes_is_said()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 60);
        daemon.Git(Repository, "config", "uploadpack.allowFilter", "false");
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 0, InPart);
        await site.Host.UntilAsync(() => site.Host.Status.FirstFetchDone, "the first fetch");
        Assert.Null(site.Host.Repository.Part);
        var objects = daemon.Git(Repository, "rev-list", "--objects", "main").Split('\n').Length;
        Assert.Contains(site.Host.Log, line => line.StartsWith("Warning: all of the remote's newest state is fetched into memory, " + $"{objects} objects", StringComparison.Ordinal) && line.Contains("uploadpack.allowFilter", StringComparison.Ordinal));
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), site.ReadHere(id));
    }

    [Fact]
    public async Task A_small_branch_is_fetched_as_a_whole()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 60);
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 0, new SyncHostOptions());
        await site.Host.UntilAsync(() => site.Host.Status.FirstFetchDone, "the first fetch");
        Assert.Null(site.Host.Repository.Part);
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), site.ReadHere(id));
        AssertQuiet(site);
    }

    [Theory]
    [InlineData("uploadpack.allowFilter", "false", "does not allow filters any more")]
    [InlineData("uploadpackfilter.tree.allow", "false", "filter 'tree' not supported")]
    public async Task Filters_that_are_refused_from_some_day_on_are_done_without(string key, string value, string said)
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 400);
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 20, InPart with { PullEvery = TimeSpan.FromMinutes(5) });
        await site.Host.UntilAsync(() => site.Inbox.Target is not null, "an inbox");
        Assert.Equal(PasteCommit.Text(0), await site.ReadAsync(ids[0]));
        ids.Add((await site.CreateAsync(PasteCommit.Text(400))).Id.ToString());
        daemon.Git(Repository, "config", key, value);
        // Some are here already, as they were met when the branch was measured.
        var refused = await Assert.ThrowsAsync<MissingObjectException>(async () =>
        {
            foreach (var id in ids) await site.ReadAsync(id);
        });
        Assert.Contains("fetched as a whole", refused.Message, StringComparison.Ordinal);
        await site.Host.UntilAsync(() => site.Host.Repository.Part is null, "all of it");
        Assert.Contains(site.Host.Log, line => line.StartsWith("Warning: all of the remote's newest state", StringComparison.Ordinal) && line.Contains(said, StringComparison.Ordinal));
        await MergeAllAsync(site, daemon);
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), await site.ReadAsync(id));
        Assert.Null(site.Host.Status.Problem);
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task An_object_that_the_remote_has_lost_is_named_and_stands_in_nobodys_way()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 60);
        Unpack(daemon);
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 20, InPart);
        await site.Host.UntilAsync(() => site.Inbox.Target is not null, "an inbox");
        var lost = daemon.Git(Repository, "rev-parse", $"main:{PasteCommit.FolderOf(ids[7])}");
        var blob = daemon.Git(Repository, "rev-parse", $"main:{PasteCommit.FolderOf(ids[9])}/paste.txt");
        foreach (var id in new[] { lost, blob }) Hide(daemon, id, isHidden: true);

        var answers = await Task.WhenAll(ids.Select(async id =>
        {
            try
            {
                return await site.ReadAsync(id);
            }
            catch (MissingObjectException e)
            {
                return e.Message;
            }
        }));
        var beside = ids.Index().Where(one => one.Item[..3] == ids[7][..3] || one.Index == 9).Select(one => one.Index).ToHashSet();
        foreach (var (n, answer) in answers.Index().Where(one => !beside.Contains(one.Index))) Assert.Equal(PasteCommit.Text(n), answer);
        // git looks whether the folders are there that a folder names, so it does not send that one either.
        Assert.Contains("the remote does not send", answers[7], StringComparison.Ordinal);
        Assert.Contains("the remote does not send", answers[9], StringComparison.Ordinal);
        Assert.Contains("the remote does not send", site.Host.Status.Problem ?? "", StringComparison.Ordinal);
        Assert.Contains(site.Host.Log, line => line.StartsWith("Warning: what somebody asks for can't be fetched", StringComparison.Ordinal) && line.Contains("the remote does not send", StringComparison.Ordinal));
        ids.Add((await site.CreateAsync(PasteCommit.Text(60))).Id.ToString());

        foreach (var id in new[] { lost, blob }) Hide(daemon, id, isHidden: false);
        await Task.Delay(Limits.PromisedAgainAfter, Cancel);
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), await site.ReadAsync(id));
        await site.Host.UntilAsync(() => site.Host.Status.Problem is null, "the end of the problem");
    }

    [Fact]
    public async Task While_the_remote_is_away_what_is_here_is_shown_and_of_the_rest_is_said_why_not()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 60);
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 20, InPart with { Ack = AckMode.Local });
        await site.Host.UntilAsync(() => site.Inbox.Target is not null, "an inbox");
        Assert.Equal(PasteCommit.Text(0), await site.ReadAsync(ids[0]));
        await daemon.StopAsync();
        var made = (await site.CreateAsync("made meanwhile")).Id.ToString();
        Assert.Equal("made meanwhile", await site.ReadAsync(made));
        Assert.Equal(PasteCommit.Text(0), await site.ReadAsync(ids[0]));
        var away = await Assert.ThrowsAsync<MissingObjectException>(() => site.ReadAsync(ids[1]));
        Assert.Contains("cannot connect", away.Message, StringComparison.Ordinal);
        await daemon.StartAsync();
        await Task.Delay(Limits.PromisedAgainAfter, Cancel);
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), await site.ReadAsync(id));
        await site.Host.UntilAsync(() => daemon.Git(Repository, "for-each-ref", "refs/heads/inbox/one*").Length > 0 && daemon.Git(Repository, "ls-tree", "-r", "--name-only", site.Inbox.Target!).Contains(made, StringComparison.Ordinal), "the paste");
    }

    [Fact]
    public async Task What_is_kept_is_bounded_and_what_was_dropped_is_fetched_again()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 300);
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 40, InPart with { PartBytes = 64 << 10 });
        await site.Host.UntilAsync(() => site.Inbox.Target is not null, "an inbox");
        for (var round = 0; round < 2; round++)
            foreach (var (n, id) in ids.Index().Where(one => one.Index % 3 == 0)) Assert.Equal(PasteCommit.Text(n), await site.ReadAsync(id));
        Assert.InRange(site.Host.Repository.Part!.KeptBytes, 1, 64 << 10);
        for (var n = 300; n < 330; n++) ids.Add((await site.CreateAsync(PasteCommit.Text(n))).Id.ToString());
        await MergeAllAsync(site, daemon);
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), await site.ReadAsync(id));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task A_paste_of_files_that_are_larger_than_what_is_kept_is_read()
    {
        await using var daemon = await GitDaemon.StartAsync();
        await using var whole = await StartWholeAsync(daemon);
        for (var n = 0; n < 24; n++) await whole.CreateAsync($"filler {n}");
        var files = Enumerable.Range(0, 4).Select(n => new NewFile($"{n}.txt", Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(40 << 10)))).ToList();
        var large = Assert.IsType<CreateOutcome.Created>(await whole.Pastes.CreateAsync(new NewPaste { Files = files }, Cancel)).Id.ToString();
        await whole.Host.UntilSyncedAsync();
        await using var part = await InboxServer.StartAsync(daemon.Url(Repository), "part", above: 0, InPart with { PartBytes = 64 << 10 });
        await part.Host.UntilAsync(() => part.Host.Status.FirstFetchDone, "the first fetch");
        Assert.NotNull(part.Host.Repository.Part);
        var found = await part.Pastes.FindAsync(large, Cancel);
        Assert.Equal(files.Select(file => file.Content.ToArray()), found!.Files.Select(file => file.Content.ToArray()));
        AssertQuiet(part);
    }

    [Fact]
    public async Task Many_readers_of_the_same_share_fetches_and_unknown_ids_cost_few()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 400);
        var fetches = 0;
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 0, InPart with
        {
            PullEvery = TimeSpan.FromMinutes(5),
            Between = (_, conversation) =>
            {
                Interlocked.Increment(ref fetches);
                return conversation;
            },
        });
        await site.Host.UntilAsync(() => site.Host.Status.FirstFetchDone, "the first fetch");
        var before = Volatile.Read(ref fetches);
        var texts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => site.ReadAsync(ids[11]))));
        Assert.All(texts, text => Assert.Equal(PasteCommit.Text(11), text));
        // Three levels of folders at most, and the paste with its files; who comes in between may make it one more each.
        Assert.InRange(Volatile.Read(ref fetches) - before, 1, 8);

        before = Volatile.Read(ref fetches);
        var unknown = await Task.WhenAll(Enumerable.Range(0, 500).Select(n => Task.Run(() => site.ReadAsync(ids[n % 400][..3] + $"{n:d4}xyz"))));
        Assert.All(unknown, Assert.Null);
        var some = Volatile.Read(ref fetches) - before;
        Assert.InRange(some, 1, 60);
        // What was brought for them says of others too that there are none. What the remote has new is asked for as ever, at most once in a while.
        before = Volatile.Read(ref fetches);
        var began = TimeProvider.System.GetTimestamp();
        unknown = await Task.WhenAll(Enumerable.Range(500, 500).Select(n => Task.Run(() => site.ReadAsync(ids[n % 400][..3] + $"{n:d4}xyz"))));
        Assert.All(unknown, Assert.Null);
        Assert.InRange(Volatile.Read(ref fetches) - before, 0, 2 + (int)(TimeProvider.System.GetElapsedTime(began) / Limits.RefreshEvery));
        AssertQuiet(site);
    }

    [Fact]
    public async Task A_remote_that_sends_something_else_than_was_asked_for_is_not_believed()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 60);
        string Folder(int n) => daemon.Git(Repository, "rev-parse", $"main:{PasteCommit.FolderOf(ids[n])}");
        var (wanted, sent) = (Folder(5), Folder(6));
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 0, InPart with { Between = (_, conversation) => new OtherWants(conversation, request => request.Replace($"want {wanted}", $"want {sent}", StringComparison.Ordinal)) });
        await site.Host.UntilAsync(() => site.Host.Status.FirstFetchDone, "the first fetch");
        var refused = await Assert.ThrowsAsync<MissingObjectException>(() => site.ReadAsync(ids[5]));
        Assert.Contains($"does not send {wanted}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(PasteCommit.Text(6), await site.ReadAsync(ids[6]));
    }

    [Fact]
    public async Task A_remote_that_filters_and_sends_nothing_by_its_id_is_fetched_as_a_whole()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 60);
        // As those who ask for a branch's name or tip in every want.
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 0, InPart with
        {
            Between = (_, conversation) => new OtherWants(conversation, request => request.Contains("filter tree:0", StringComparison.Ordinal) ? Regex.Replace(request, "want [0-9a-f]{40}", $"want {new string('1', 40)}") : request),
        });
        await site.Host.UntilAsync(() => site.Host.Status.FirstFetchDone, "the first fetch");
        Assert.Null(site.Host.Repository.Part);
        Assert.Contains(site.Host.Log, line => line.StartsWith("Warning: all of the remote's newest state", StringComparison.Ordinal) && line.Contains("not our ref", StringComparison.Ordinal));
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), site.ReadHere(id));
    }

    [Fact]
    public async Task What_waits_to_be_pushed_survives_that_filters_are_refused()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var ids = Fill(daemon, 400);
        await using var site = await InboxServer.StartAsync(daemon.Url(Repository), "one", above: 0, InPart with { Ack = AckMode.Local, PartBytes = 16 << 10, PullEvery = TimeSpan.FromMinutes(5) });
        await site.Host.UntilAsync(() => site.Host.Status.FirstFetchDone, "the first fetch");
        Assert.NotNull(site.Host.Repository.Part);
        // Of this one the root is nowhere but among what may be dropped.
        daemon.PushForeign(Repository, "x/y/z/xyzyxyzyxy/paste.txt", "of a stranger");
        await site.UntilFoundAsync("xyzyxyzyxy");
        daemon.AddHook(Repository, "pre-receive", "exit 1");
        var made = new List<string>();
        for (var n = 0; n < 12; n++) made.Add((await site.CreateAsync($"waits {n}")).Id.ToString());
        daemon.Git(Repository, "config", "uploadpack.allowFilter", "false");
        // No hook is asked.
        StockGit.RunWithInput(daemon.Path(Repository), "commit refs/heads/main\ncommitter a <a@b> 1800000000 +0000\ndata 0\nfrom refs/heads/main^0\nM 100644 inline x/y/z/xyzzyxyzzy/paste.txt\ndata 8\nstranger\n"u8.ToArray(), "fast-import", "--quiet");
        // Whoever looks for one that is not here finds that out.
        await Assert.ThrowsAsync<MissingObjectException>(async () =>
        {
            foreach (var id in ids) await site.ReadAsync(id);
        });
        File.Delete(Path.Combine(daemon.Path(Repository), "hooks", "pre-receive"));
        await site.Host.UntilAsync(() => site.Host.Repository.Part is null, "all of it");
        await site.Host.UntilSyncedAsync();
        foreach (var (n, id) in ids.Index()) Assert.Equal(PasteCommit.Text(n), site.ReadHere(id));
        foreach (var (n, id) in made.Index()) Assert.Equal($"waits {n}", site.ReadHere(id));
        var branch = daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main");
        foreach (var id in made.Append("xyzzyxyzzy")) Assert.Contains($"/{id}/paste.txt", branch, StringComparison.Ordinal);
        daemon.AssertSound(Repository);
    }

    private async Task<InboxServer> StartWholeAsync(GitDaemon daemon, int above = 0)
    {
        daemon.CreateSeedling(Repository);
        daemon.Git(Repository, "config", "uploadpack.allowFilter", "true");
        return await InboxServer.StartAsync(daemon.Url(Repository), "whole", above, new SyncHostOptions { Folder = _folder["whole"] });
    }

    // A repository as a host keeps it, with pastes of one commit; a remote that filters.
    private static List<string> Fill(BareRepositories repositories, int pastes)
    {
        repositories.MakeEmpty(Repository);
        repositories.Git(Repository, "config", "uploadpack.allowFilter", "true");
        LargeRemote.Fill(repositories.Path(Repository), pastes);
        return [.. Enumerable.Range(0, pastes).Select(PasteCommit.Id)];
    }

    private static void Unpack(GitDaemon daemon)
    {
        foreach (var pack in Directory.GetFiles(Path.Combine(daemon.Path(Repository), "objects", "pack"), "*.pack"))
        {
            var content = File.ReadAllBytes(pack);
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(pack)!, Path.GetFileNameWithoutExtension(pack) + ".*")) File.Delete(file);
            StockGit.RunWithInput(daemon.Path(Repository), content, "unpack-objects", "-q");
        }
    }

    private static void Hide(GitDaemon daemon, string id, bool isHidden)
    {
        var path = Path.Combine(daemon.Path(Repository), "objects", id[..2], id[2..]);
        if (isHidden) File.Move(path, path + ".hidden");
        else File.Move(path + ".hidden", path);
    }

    private static async Task EditAsync(InboxServer server, CreateOutcome.Created paste, string text) =>
        Assert.IsType<ChangeOutcome.Changed>(await server.Pastes.EditAsync(paste.Id.ToString(), new PasteEdit { Token = paste.Token.Reveal(), Paste = InboxServer.New(text) }, Cancel));

    private static async Task DeleteAsync(InboxServer server, CreateOutcome.Created paste) =>
        Assert.IsType<ChangeOutcome.Changed>(await server.Pastes.DeleteAsync(paste.Id.ToString(), paste.Token.Reveal(), Cancel));

    private static void AssertQuiet(InboxServer site)
    {
        Assert.Null(site.Host.Status.Problem);
        Assert.DoesNotContain(site.Host.Log, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal));
    }

    // All that was pasted is on the branch, and no inbox is left but one that is empty.
    private static async Task MergeAllAsync(InboxServer server, BareRepositories repositories)
    {
        server.Clock.Moved += TimeSpan.FromDays(1);
        await server.Host.UntilAsync(() => server.Inbox.Target is { } target && server.Host.Repository.Current.RemoteTip(target) == server.Host.Tip(target) && repositories.Git(Repository, "rev-list", "--count", target) == "1" &&
            repositories.Git(Repository, "for-each-ref", $"refs/heads/inbox/{server.Name}*").Split('\n').Length == 1, "the last merge");
    }

    // Stands for a remote that answers a want with another object.
    private sealed class OtherWants(GitConversation inner, Func<string, string> change) : GitConversation
    {
        public override Stream Advertisement => inner.Advertisement;

        public override bool WaitsForMore => inner.WaitsForMore;

        public override ValueTask<Stream> RequestAsync(Func<Stream, CancellationToken, ValueTask> writeRequest, CancellationToken ct) => inner.RequestAsync(async (stream, token) =>
        {
            using var request = new MemoryStream();
            await writeRequest(request, token);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(request.ToArray()))), token);
            await stream.FlushAsync(token);
        }, ct);

        public override void Abort() => inner.Abort();

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
