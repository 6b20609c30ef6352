using System.Text;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests;

public sealed class RepositoryTests
{
    [Fact]
    public async Task Commits_of_many_writers_are_read_back_and_found_by_stock_git()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, OnEvent = e => TestContext.Current.SendDiagnosticMessage(e.Message) }, TestContext.Current.CancellationToken);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2000).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), $"text {n}"), default).AsTask()));
        Assert.All(outcomes, outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
        var snapshot = repository.Current;
        Assert.True(snapshot.TryGetRef("refs/heads/main", out var tip));
        for (var n = 0; n < 2000; n++)
        {
            var entry = snapshot.Find(tip, PasteCommit.FolderOf(PasteCommit.Id(n)) + "/paste.txt");
            Assert.Equal($"text {n}", Encoding.UTF8.GetString(snapshot.ReadBlob(entry!.Value.Id)));
        }
        await repository.DisposeAsync();

        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
        Assert.Equal("2000", StockGit.Run(path, "rev-list", "--count", "main"));
        Assert.Equal("text 7", StockGit.Run(path, "cat-file", "-p", $"main:{PasteCommit.FolderOf(PasteCommit.Id(7))}/paste.txt"));
        Assert.Empty(Directory.GetFiles(Path.Combine(path, "pasteur", "journals")));
        Assert.Empty(Directory.GetFiles(Path.Combine(path, "objects", "pack"), "*.keep"));
    }

    [Fact]
    public async Task A_store_that_was_at_rest_when_it_closed_leaves_no_journal()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromMilliseconds(50) }, TestContext.Current.CancellationToken))
        {
            Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of("abcd", "text"), TestContext.Current.CancellationToken));
            for (var wait = 0; wait < 100 && !File.Exists(Path.Combine(path, "refs", "heads", "main")); wait++) await Task.Delay(100, TestContext.Current.CancellationToken);
            // What the roll tells the writer afterwards makes it begin a journal.
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(path, "pasteur", "journals")));
    }

    [Fact]
    public async Task A_full_queue_is_answered_at_once_and_what_was_taken_in_is_committed()
    {
        using var goOn = new ManualResetEventSlim();
        var isBlocked = true;
        var options = new RepositoryOptions
        {
            FaultPoint = point =>
            {
                if (isBlocked && point == "journal.append") goOn.Wait();
            },
        };
        await using var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken);
        var commits = Enumerable.Range(0, 6000).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken).AsTask()).ToArray();
        var busy = commits.Count(task => task.IsCompletedSuccessfully && task.Result is CommitOutcome.Busy);
        Assert.InRange(busy, 1, 6000 - 4096);
        Assert.Equal(6000 - busy, commits.Count(task => !task.IsCompleted));
        Assert.Equal(4096, repository.Health.QueuedCommits);
        isBlocked = false;
        goOn.Set();
        var outcomes = await Task.WhenAll(commits);
        var committed = outcomes.Select((outcome, n) => (outcome, n)).Where(pair => pair.outcome is CommitOutcome.Committed).Select(pair => pair.n).ToArray();
        Assert.Equal(6000 - busy, committed.Length);
        PasteCheck.Holds(repository.Current, committed);
        Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
        foreach (var n in Enumerable.Range(0, 6000).Except(committed)) Assert.Null(repository.Current.Find(tip, PasteCommit.FolderOf(PasteCommit.Id(n))));
    }

    [Fact]
    public async Task Who_cancels_stops_waiting_and_hurts_nobody()
    {
        using var goOn = new ManualResetEventSlim();
        var isBlocked = true;
        var options = new RepositoryOptions
        {
            FaultPoint = point =>
            {
                if (isBlocked && point == "journal.append") goOn.Wait();
            },
        };
        await using var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource();
        var cancelled = Enumerable.Range(0, 50).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), cancel.Token).AsTask()).ToArray();
        var patient = Enumerable.Range(50, 50).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken).AsTask()).ToArray();
        await cancel.CancelAsync();
        foreach (var task in cancelled) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(100), PasteCommit.Text(100)), cancel.Token));
        isBlocked = false;
        goOn.Set();
        Assert.All(await Task.WhenAll(patient), outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
        PasteCheck.Holds(repository.Current, Enumerable.Range(50, 50));
        Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
        Assert.Null(repository.Current.Find(tip, PasteCommit.FolderOf(PasteCommit.Id(100))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Closed_while_writers_write_each_of_them_is_told_the_truth(bool onDisk)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        for (var round = 0; round < 5; round++)
        {
            var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = onDisk ? path : null, JournalBytes = 32 << 10 }, TestContext.Current.CancellationToken);
            var next = round * 100_000;
            var committed = new System.Collections.Concurrent.ConcurrentBag<int>();
            var writers = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    var n = Interlocked.Increment(ref next);
                    var outcome = await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), CancellationToken.None);
                    if (outcome is CommitOutcome.Unavailable) return;
                    Assert.IsType<CommitOutcome.Committed>(outcome);
                    committed.Add(n);
                }
            })).ToArray();
            await Task.Delay(50 + 60 * round, TestContext.Current.CancellationToken);
            var first = repository.DisposeAsync().AsTask();
            await repository.DisposeAsync();
            await first;
            await Task.WhenAll(writers);
            Assert.NotEmpty(committed);
            PasteCheck.Holds(repository.Current, committed);
            Assert.IsType<CommitOutcome.Unavailable>(await repository.CommitAsync(PasteCommit.Of("later", "x"), TestContext.Current.CancellationToken));
            Assert.IsType<IntegrateOutcome.Unavailable>(await repository.IntegrateAsync("main", default, RewindPolicy.Replay, TestContext.Current.CancellationToken));
            if (!onDisk) continue;
            await PasteCheck.RecoversAsync(path, committed);
            Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
            Assert.Equal(tip.ToString(), StockGit.Run(path, "rev-parse", "main"));
        }
    }

    [Fact]
    public async Task A_path_that_must_be_absent_is_looked_for_among_commits_of_the_same_batch_and_behind_files()
    {
        await using var repository = await Repository.OpenAsync(new RepositoryOptions(), TestContext.Current.CancellationToken);
        var same = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => repository.CommitAsync(PasteCommit.Of("abcd", $"text {n}"), TestContext.Current.CancellationToken).AsTask()));
        Assert.Single(same, outcome => outcome is CommitOutcome.Committed);
        Assert.Equal(199, same.Count(outcome => outcome is CommitOutcome.PathTaken));

        // A legacy paste is a file at the root; a folder of its name would replace it.
        var legacy = PasteCommit.Of("zzz", "x") with { Edits = [new TreeEdit("z", PreparedBlob.Create("legacy"u8))], MustBeAbsent = null };
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(legacy, TestContext.Current.CancellationToken));
        Assert.IsType<CommitOutcome.PathTaken>(await repository.CommitAsync(PasteCommit.Of("zyxw", "x"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Edits_that_change_nothing_are_answered_with_the_commit_that_holds_them()
    {
        await using var repository = await Repository.OpenAsync(new RepositoryOptions(), TestContext.Current.CancellationToken);
        var request = PasteCommit.Of("abcd", "text") with { MustBeAbsent = null };
        var first = Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(request, TestContext.Current.CancellationToken));
        var second = Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(request with { Message = "again" }, TestContext.Current.CancellationToken));
        Assert.Equal(first.Commit, second.Commit);
    }

    [Fact]
    public async Task Trees_that_do_not_fit_the_cache_are_read_back_within_the_batch()
    {
        // 30 MB of folders; an edit of each, four times in one batch, whose deltas are a few kilobytes.
        const int Folders = 220;
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        StockGit.Run(folder.Path, "init", "-q", "--bare", "-b", "main", path);
        var script = new StringBuilder("blob\nmark :1\ndata 1\ny\ncommit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 1\nx\n");
        for (var n = 0; n < Folders * 2500; n++) script.Append(System.Globalization.CultureInfo.InvariantCulture, $"M 100644 :1 f{n / 2500}/file-with-a-rather-long-name-{n % 2500:00000}\n");
        StockGit.RunWithInput(path, Encoding.ASCII.GetBytes(script.ToString()), "fast-import", "--quiet");
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        var blob = PreparedBlob.Create("x"u8);
        var all = PasteCommit.Of("abcd", "x") with { MustBeAbsent = null };
        CommitRequest Touch(int round) => all with { Edits = [.. Enumerable.Range(0, Folders).Select(f => new TreeEdit($"f{f}/round{round}", blob))], Message = $"round {round}" };
        var rounds = await Task.WhenAll(Enumerable.Range(0, 4).Select(Touch).Select(request => repository.CommitAsync(request, TestContext.Current.CancellationToken).AsTask()));
        Assert.All(rounds, outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
        Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
        for (var f = 0; f < Folders; f++) Assert.Equal(2504, repository.Current.ReadTree(repository.Current.Find(tip, $"f{f}")!.Value.Id).Count);
        await repository.DisposeAsync();
        PasteCheck.IsClean(path);
    }
}
