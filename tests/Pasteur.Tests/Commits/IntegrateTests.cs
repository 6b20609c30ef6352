using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

/// <summary>
/// A remote's tip is brought in. The remote's side is made by stock git in a clone and put into the folder as a fetch would: objects
/// first, no ref moved.
/// </summary>
public sealed class IntegrateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Ours => _folder["ours.git"];

    private string Theirs => _folder["theirs.git"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_nothing_of_ours_it_is_a_fast_forward_and_a_second_time_nothing()
    {
        await using var repository = await OpenAsync();
        MakeTheirs(3);
        var tip = Fetch("main");
        var first = Assert.IsType<IntegrateOutcome.FastForwarded>(await IntegrateAsync(repository, tip));
        Assert.Equal(tip, first.Tip);
        Assert.IsType<IntegrateOutcome.UpToDate>(await IntegrateAsync(repository, tip));
        Assert.Equal(tip, repository.RemoteTip("main"));

        var next = Fetch(Push("f4", "four"));
        Assert.IsType<IntegrateOutcome.FastForwarded>(await IntegrateAsync(repository, next));
        Assert.Equal(next, Tip(repository));
        Assert.Equal(0, repository.Backlog("main"));
    }

    [Fact]
    public async Task Ours_are_made_again_on_top_of_theirs_with_their_authors_dates_and_words()
    {
        await using var repository = await OpenAsync();
        MakeTheirs(2);
        var common = Fetch("main");
        await IntegrateAsync(repository, common);
        for (var n = 0; n < 20; n++) await CommitAsync(repository, Dated(n));
        var before = Log(repository, Tip(repository), common);

        var theirs = Fetch(Push("theirs", "x"));
        var outcome = Assert.IsType<IntegrateOutcome.Replayed>(await IntegrateAsync(repository, theirs));
        Assert.Equal((20, 0), (outcome.Commits, outcome.Conflicts.Count));
        var after = Log(repository, outcome.Tip, theirs);
        Assert.Equal(before.Select(Words), after.Select(Words));
        Assert.Equal(theirs, after[0].Parents[0]);
        PasteCheck.Holds(repository.Current, Enumerable.Range(0, 20));
        Assert.Equal("x", Read(repository, "theirs"));

        // Again: the same tip, and a tip of ours that the remote took although its answer was lost.
        var tip = Tip(repository);
        Assert.IsType<IntegrateOutcome.UpToDate>(await IntegrateAsync(repository, theirs));
        var landed = repository.Current.ReadCommit(tip).Parents[0];
        Assert.IsType<IntegrateOutcome.UpToDate>(await IntegrateAsync(repository, landed));
        Assert.Equal(tip, Tip(repository));
        Assert.Equal(landed, repository.RemoteTip("main"));
        Assert.Equal(1, repository.Backlog("main"));
        await CloseAndCheckAsync(repository);
        Assert.Equal("20", StockGit.Run(Ours, "rev-list", "--count", $"{theirs}..main"));
    }

    [Fact]
    public async Task A_tip_that_descends_from_ours_takes_its_place_without_a_replay()
    {
        await using var repository = await OpenAsync();
        MakeTheirs(1);
        await IntegrateAsync(repository, Fetch("main"));
        await CommitAsync(repository, PasteCommit.Of(PasteCommit.Id(1), PasteCommit.Text(1)));
        await PublishAsync(repository);
        var next = Fetch(Push("later", "x"));
        Assert.IsType<IntegrateOutcome.FastForwarded>(await IntegrateAsync(repository, next));
        Assert.Equal(next, Tip(repository));
        PasteCheck.Holds(repository.Current, [1]);
    }

    [Fact]
    public async Task A_file_that_both_made_or_changed_stays_theirs_and_is_told_and_what_one_deleted_no_edit_of_the_other_brings_back()
    {
        await using var repository = await OpenAsync();
        MakeTheirs(0);
        Push("edited-by-both", "old");
        Push("edited-here", "old");
        Push("deleted-here", "old");
        Push("deleted-there", "old");
        await IntegrateAsync(repository, Fetch("main"));
        await CommitAsync(repository, Edit("edited-by-both", "ours"));
        await CommitAsync(repository, Edit("edited-here", "ours"));
        await CommitAsync(repository, Edit("deleted-here", null));
        await CommitAsync(repository, Edit("deleted-there", "ours"));
        await CommitAsync(repository, Edit("made-by-both", "ours"));
        await CommitAsync(repository, Edit("made-alike", "same"));
        await CommitAsync(repository, Edit("file-or-folder/x", "ours"));
        await CommitAsync(repository, Edit("mine", "ours"));

        Push("edited-by-both", "theirs");
        Push("deleted-here", "theirs");
        Push("deleted-there", null);
        Push("made-by-both", "theirs");
        Push("made-alike", "same");
        Push("file-or-folder", "theirs");
        var outcome = Assert.IsType<IntegrateOutcome.Replayed>(await IntegrateAsync(repository, Fetch("main")));

        Assert.Equal(["deleted-here", "deleted-there", "edited-by-both", "file-or-folder/x", "made-by-both"], outcome.Conflicts.Order(StringComparer.Ordinal));
        var expected = new Dictionary<string, string?>
        {
            ["edited-by-both"] = "theirs", ["edited-here"] = "ours", ["deleted-here"] = null, ["deleted-there"] = null,
            ["made-by-both"] = "theirs", ["made-alike"] = "same", ["file-or-folder"] = "theirs", ["mine"] = "ours",
        };
        foreach (var (path, content) in expected) Assert.Equal((path, content), (path, Read(repository, path)));
        await CloseAndCheckAsync(repository);
    }

    [Theory]
    [InlineData(RewindPolicy.Replay, new[] { 0, 1, 2, 3 })]
    [InlineData(RewindPolicy.Follow, new[] { 0, 3 })]
    [InlineData(RewindPolicy.Stop, new[] { 0, 1, 2, 3 })]
    public async Task A_remote_that_was_rewound_is_dealt_with_as_the_policy_says(RewindPolicy policy, int[] kept)
    {
        await using var repository = await OpenAsync();
        MakeTheirs(1);
        await IntegrateAsync(repository, Fetch("main"));
        await CommitAsync(repository, Paste(0));
        var rewoundTo = await PublishAsync(repository);
        await CommitAsync(repository, Paste(1));
        await CommitAsync(repository, Paste(2));
        var seen = await PublishAsync(repository);
        await CommitAsync(repository, Paste(3));
        var before = Tip(repository);

        StockGit.Run(Theirs, "update-ref", "refs/heads/main", rewoundTo.ToString());
        await CheckRewindAsync(repository, policy, rewoundTo, seen, before, kept);
    }

    [Theory]
    [InlineData(RewindPolicy.Replay, new[] { 0, 1, 2, 3 })]
    [InlineData(RewindPolicy.Follow, new[] { 3 })]
    [InlineData(RewindPolicy.Stop, new[] { 0, 1, 2, 3 })]
    public async Task A_remote_that_was_rewritten_is_dealt_with_as_the_policy_says(RewindPolicy policy, int[] kept)
    {
        await using var repository = await OpenAsync();
        MakeTheirs(1);
        await IntegrateAsync(repository, Fetch("main"));
        for (var n = 0; n < 3; n++) await CommitAsync(repository, Paste(n));
        var seen = await PublishAsync(repository);
        await CommitAsync(repository, Paste(3));
        var before = Tip(repository);

        // Another history altogether: the branch was made anew.
        StockGit.Run(Theirs, "update-ref", "-d", "refs/heads/main");
        var rewritten = Fetch(Push("anew", "x"));
        await CheckRewindAsync(repository, policy, rewritten, seen, before, kept);
        Assert.Equal(policy == RewindPolicy.Stop ? null : "x", Read(repository, "anew"));
    }

    [Fact]
    public async Task Rewinds_in_the_same_moment_keep_all_that_was_ours()
    {
        var clock = new FixedTime();
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = Ours, Time = clock, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        MakeTheirs(1);
        await IntegrateAsync(repository, Fetch("main"));
        var lost = new List<ObjectId>();
        for (var n = 0; n < 3; n++)
        {
            await CommitAsync(repository, Paste(n));
            lost.Add(Tip(repository));
            StockGit.Run(Theirs, "update-ref", "-d", "refs/heads/main");
            await IntegrateAsync(repository, Fetch(Push($"anew{n}", "x")), RewindPolicy.Follow);
        }
        var kept = repository.Current.RefNames.Where(name => name.StartsWith("refs/pasteur/lost/", StringComparison.Ordinal)).Select(name => repository.Current.TryGetRef(name, out var id) ? id : default);
        Assert.Equal(lost.Order(), kept.Order());
        await CloseAndCheckAsync(repository);
    }

    [Fact]
    public async Task Histories_without_a_common_commit_are_joined_when_they_first_meet()
    {
        await using var repository = await OpenAsync();
        for (var n = 0; n < 5; n++) await CommitAsync(repository, Paste(n));
        MakeTheirs(3);
        var tip = Fetch("main");
        Assert.Equal(5, Assert.IsType<IntegrateOutcome.Replayed>(await IntegrateAsync(repository, tip)).Commits);
        PasteCheck.Holds(repository.Current, Enumerable.Range(0, 5));
        await CloseAndCheckAsync(repository);
        Assert.Equal("8", StockGit.Run(Ours, "rev-list", "--count", "main"));
    }

    [Fact]
    public async Task A_remote_that_holds_an_older_commit_of_ours_changes_nothing_when_they_first_meet()
    {
        await using var repository = await OpenAsync();
        for (var n = 0; n < 5; n++) await CommitAsync(repository, Paste(n));
        var older = repository.Current.ReadCommit(Tip(repository)).Parents[0];
        var tip = Tip(repository);
        Assert.IsType<IntegrateOutcome.UpToDate>(await IntegrateAsync(repository, older));
        Assert.Equal((tip, older), (Tip(repository), repository.RemoteTip("main")));
    }

    [Fact]
    public async Task A_branch_that_the_owner_rewound_takes_the_remotes_tip_up_again()
    {
        await using var repository = await OpenAsync();
        MakeTheirs(3);
        var tip = Fetch("main");
        await IntegrateAsync(repository, tip);
        await repository.DisposeAsync();
        StockGit.Run(Ours, "update-ref", "refs/heads/main", $"{tip}~2");

        await using var reopened = await OpenAsync();
        Assert.IsType<IntegrateOutcome.FastForwarded>(await IntegrateAsync(reopened, tip));
        Assert.Equal(tip, Tip(reopened));
    }

    [Fact]
    public async Task The_seedling_of_an_empty_tree_is_read_and_its_tree_goes_with_the_first_push()
    {
        await using var repository = await OpenAsync();
        StockGit.Run(_folder.Path, "init", "-q", "--bare", "--shared", "-b", "main", Theirs);
        var seedling = StockGit.Run(Theirs, "commit-tree", ObjectId.EmptyTree.ToString(), "-m", ".");
        StockGit.Run(Theirs, "update-ref", "refs/heads/main", seedling);
        var tip = Fetch("main");
        Assert.IsType<IntegrateOutcome.FastForwarded>(await IntegrateAsync(repository, tip));
        await CommitAsync(repository, Paste(1));
        PasteCheck.Holds(repository.Current, [1]);
        await PublishAsync(repository);
        PasteCheck.IsClean(Theirs);
        PasteCheck.HoldsForGit(Theirs, [1]);
        await CloseAndCheckAsync(repository);
    }

    [Fact]
    public async Task Merges_of_ours_are_made_again_without_losing_a_file()
    {
        await using var repository = await OpenAsync();
        MakeTheirs(2);
        await IntegrateAsync(repository, Fetch("main"));
        await CommitAsync(repository, Paste(1));
        await repository.DisposeAsync();
        // The owner merges a side branch of his own into the folder.
        var script = "commit refs/heads/side\ncommitter S <s@x> 1700000100 +0000\ndata 4\nside\nfrom refs/heads/main~1\nM 100644 inline side.txt\ndata 4\nside\n";
        StockGit.RunWithInput(Ours, Encoding.ASCII.GetBytes(script), "fast-import", "--quiet");
        script = "commit refs/heads/main\ncommitter M <m@x> 1700000200 +0000\ndata 5\nmerge\nfrom refs/heads/main^0\nmerge refs/heads/side\nM 100644 inline side.txt\ndata 4\nside\nM 100644 inline merged.txt\ndata 1\nm\n";
        StockGit.RunWithInput(Ours, Encoding.ASCII.GetBytes(script), "fast-import", "--quiet");

        await using var reopened = await OpenAsync();
        var outcome = Assert.IsType<IntegrateOutcome.Replayed>(await IntegrateAsync(reopened, Fetch(Push("later", "x"))));
        Assert.Empty(outcome.Conflicts);
        PasteCheck.Holds(reopened.Current, [1]);
        Assert.Equal(("side", "m", "x"), (Read(reopened, "side.txt"), Read(reopened, "merged.txt"), Read(reopened, "later")));
        await CloseAndCheckAsync(reopened);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Three_thousand_waiting_commits_are_made_again(bool onDisk)
    {
        const int Waiting = 3000;
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = onDisk ? Ours : null, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        // A branch of our own stands in for the remote: in memory there is no folder to fetch into.
        var theirs = Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(Edit("theirs", "x") with { Branch = "other" }, TestContext.Current.CancellationToken)).Commit;
        await Task.WhenAll(Enumerable.Range(0, Waiting).Select(n => CommitAsync(repository, Paste(n))));
        var outcome = Assert.IsType<IntegrateOutcome.Replayed>(await IntegrateAsync(repository, theirs));
        Assert.Equal(Waiting, outcome.Commits);
        PasteCheck.Holds(repository.Current, Enumerable.Range(0, Waiting));
        if (!onDisk) return;
        StockGit.Copy(Ours, _folder["copy.git"]);
        await CloseAndCheckAsync(repository);
        Assert.Equal((Waiting + 1).ToString(CultureInfo.InvariantCulture), StockGit.Run(Ours, "rev-list", "--count", "main"));
        await PasteCheck.RecoversAsync(_folder["copy.git"], [.. Enumerable.Range(0, Waiting)]);
    }

    [Fact]
    public async Task A_tip_that_is_not_here_or_is_no_commit_is_refused_and_nothing_changes()
    {
        await using var repository = await OpenAsync();
        await CommitAsync(repository, Paste(1));
        var tip = Tip(repository);
        var blob = repository.Current.Find(tip, $"{PasteCommit.FolderOf(PasteCommit.Id(1))}/paste.txt")!.Value.Id;
        foreach (var wrong in (ObjectId[])[ObjectId.Parse(new string('9', 40)), blob, ObjectId.EmptyTree, default])
        {
            Assert.IsType<IntegrateOutcome.Unavailable>(await IntegrateAsync(repository, wrong));
            Assert.False(await repository.RecordRemoteAsync("main", wrong, TestContext.Current.CancellationToken));
        }
        Assert.Null(repository.RemoteTip("main"));
        Assert.Equal(tip, Tip(repository));
        Assert.True(await repository.RecordRemoteAsync("main", tip, TestContext.Current.CancellationToken));
        Assert.Equal(tip, repository.RemoteTip("main"));
        Assert.True(await repository.ForgetRemoteAsync("main", TestContext.Current.CancellationToken));
        Assert.Null(repository.RemoteTip("main"));
        await CommitAsync(repository, Paste(2));
        PasteCheck.Holds(repository.Current, [1, 2]);
        await CloseAndCheckAsync(repository);
    }

    private async Task CheckRewindAsync(Repository repository, RewindPolicy policy, ObjectId remoteTip, ObjectId seen, ObjectId before, int[] kept)
    {
        var outcome = await IntegrateAsync(repository, remoteTip, policy);
        var lost = repository.Current.RefNames.Where(name => name.StartsWith("refs/pasteur/lost/", StringComparison.Ordinal)).ToArray();
        if (policy == RewindPolicy.Stop)
        {
            Assert.Equal(new IntegrateOutcome.Rewound(seen, remoteTip), outcome);
            Assert.Equal((before, seen), (Tip(repository), repository.RemoteTip("main")));
            Assert.Empty(lost);
        }
        else
        {
            Assert.True(repository.Current.TryGetRef(Assert.Single(lost), out var ours));
            Assert.Equal((before, remoteTip), (ours, repository.RemoteTip("main")));
        }
        PasteCheck.Holds(repository.Current, kept);
        foreach (var gone in Enumerable.Range(0, 4).Except(kept)) Assert.Null(repository.Current.Find(Tip(repository), PasteCommit.FolderOf(PasteCommit.Id(gone))));
        // What is pushed next must be a fast-forward.
        if (policy != RewindPolicy.Stop) await PublishAsync(repository);
        await CloseAndCheckAsync(repository);
    }

    private async Task<Repository> OpenAsync() =>
        await Repository.OpenAsync(new RepositoryOptions { Folder = Ours, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);

    private static async Task<IntegrateOutcome> IntegrateAsync(Repository repository, ObjectId tip, RewindPolicy policy = RewindPolicy.Replay) =>
        await repository.IntegrateAsync("main", tip, policy, TestContext.Current.CancellationToken);

    private static async Task CommitAsync(Repository repository, CommitRequest request) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(request, TestContext.Current.CancellationToken));

    private static CommitRequest Paste(int n) => PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n));

    private static CommitRequest Dated(int n) => Paste(n) with
    {
        Author = new Signature($"Author \u00e4 {n}", $"a{n}@example.org", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + n).ToOffset(TimeSpan.FromMinutes(-90 + 30 * n))),
        Message = $"Words of {n}\n\nand more \ud83d\ude00",
    };

    private static CommitRequest Edit(string path, string? content) => new()
    {
        Branch = "main",
        Edits = [new TreeEdit(path, content is null ? null : PreparedBlob.Create(Encoding.UTF8.GetBytes(content)))],
        Author = new Signature("Ada", "ada@example.org", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)),
        Message = $"Edit {path}",
    };

    private static ObjectId Tip(Repository repository) => repository.Current.TryGetRef("refs/heads/main", out var tip) ? tip : default;

    private static string? Read(Repository repository, string path) =>
        repository.Current.Find(Tip(repository), path) is { } entry ? Encoding.UTF8.GetString(repository.Current.ReadBlob(entry.Id)) : null;

    private static List<Commit> Log(Repository repository, ObjectId tip, ObjectId until)
    {
        var log = new List<Commit>();
        for (var id = tip; id != until; id = log[^1].Parents[0]) log.Add(repository.Current.ReadCommit(id));
        log.Reverse();
        return log;
    }

    private static (Signature, Signature, string) Words(Commit commit) => (commit.Author, commit.Committer, commit.Message);

    private void MakeTheirs(int commits)
    {
        if (!Directory.Exists(Theirs)) StockGit.Run(_folder.Path, "init", "-q", "--bare", "-b", "main", Theirs);
        for (var n = 1; n <= commits; n++) Push($"f{n}", $"content {n}");
    }

    /// <summary>Somebody commits to the remote; returns what to fetch.</summary>
    private string Push(string path, string? content)
    {
        var exists = StockGit.Try(Theirs, default, "rev-parse", "-q", "--verify", "refs/heads/main").ExitCode == 0;
        var from = exists ? "from refs/heads/main^0\n" : "";
        var change = content is null ? $"D {path}\n" : $"M 100644 inline {path}\ndata {content.Length}\n{content}\n";
        var script = $"commit refs/heads/main\ncommitter Other <o@example.org> 1700000000 +0000\ndata {path.Length}\n{path}\n{from}{change}";
        StockGit.RunWithInput(Theirs, Encoding.ASCII.GetBytes(script), "fast-import", "--quiet");
        return "main";
    }

    private ObjectId Fetch(string branch)
    {
        var tip = StockGit.Run(Theirs, "rev-parse", branch);
        StockGit.Run(Ours, "fetch", "-q", "--no-write-fetch-head", Theirs, branch);
        return ObjectId.Parse(tip);
    }

    /// <summary>Pushes ours, never forced, and remembers that the remote took it.</summary>
    private async Task<ObjectId> PublishAsync(Repository repository)
    {
        var seen = StockGit.Run(Theirs, "for-each-ref", "--format=%(objectname)", "refs/heads/main");
        var plan = repository.PlanPush(Tip(repository), seen.Length == 0 ? null : ObjectId.Parse(seen), int.MaxValue);
        plan.AddEmptyTree();
        using var pack = new MemoryStream();
        await plan.WriteAsync(pack, TestContext.Current.CancellationToken);
        StockGit.RunWithInput(Theirs, pack.ToArray(), "index-pack", "--stdin", "--fix-thin", "--strict");
        if (seen.Length > 0) Assert.Equal(0, StockGit.Try(Theirs, default, "merge-base", "--is-ancestor", seen, plan.Tip.ToString()).ExitCode);
        StockGit.Run(Theirs, "update-ref", "refs/heads/main", plan.Tip.ToString(), seen);
        Assert.True(await repository.RecordRemoteAsync("main", plan.Tip, TestContext.Current.CancellationToken));
        PasteCheck.IsClean(Theirs);
        return plan.Tip;
    }

    private async Task CloseAndCheckAsync(Repository repository)
    {
        var tip = Tip(repository);
        var refs = repository.Current.RefNames.Order(StringComparer.Ordinal).ToArray();
        await repository.DisposeAsync();
        PasteCheck.IsClean(Ours);
        Assert.Equal(tip.ToString(), StockGit.Run(Ours, "rev-parse", "main"));
        var onDisk = StockGit.Run(Ours, "for-each-ref", "--format=%(refname)").Split('\n').Where(name => !name.StartsWith("refs/pasteur/rolled/", StringComparison.Ordinal));
        Assert.Equal(refs, onDisk.Order(StringComparer.Ordinal));
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
