using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Upkeep;

/// <summary>The program is killed at every step of a write and a roll, and at moments that nobody chose.</summary>
public sealed class KilledTests
{
    public static TheoryData<string, int> Steps
    {
        get
        {
            var steps = new TheoryData<string, int>();
            foreach (var step in (string[])["journal.append", "journal.appended", "roll.start", "roll.trailer", "roll.keep", "roll.link", "roll.idx", "roll.visible", "roll.reached", "roll.refs", "roll.unkeep", "roll.done"])
            {
                steps.Add(step, step.StartsWith("journal.", StringComparison.Ordinal) ? 7 : 0);
                if (step.StartsWith("roll.", StringComparison.Ordinal)) steps.Add(step, 2);
            }
            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Killed_at_a_step_it_comes_back_with_every_paste_it_acknowledged(string step, int skip)
    {
        using var folder = new TemporaryFolder();
        var killed = ChildProgram.Start(new ChildProgram.Work(folder["repo.git"], step, skip));
        Assert.True(killed.ExitCode == 128 + 9, $"The child was not killed at {step}: {killed.ExitCode} {killed.Errors}");

        // A second kill, early in what recovery does, must not matter.
        var again = ChildProgram.Start(new ChildProgram.Work(folder["repo.git"], step.StartsWith("roll.", StringComparison.Ordinal) ? step : "roll.visible", First: 200_000));
        Assert.Equal(128 + 9, again.ExitCode);
        await PasteCheck.RecoversAsync(folder["repo.git"], [.. killed.Acknowledged, .. again.Acknowledged]);
        await PasteCheck.RecoversAsync(folder["repo.git"], [.. killed.Acknowledged, .. again.Acknowledged]);
    }

    [Theory]
    [InlineData("copied")]
    [InlineData("synced")]
    [InlineData("keep")]
    [InlineData("pack")]
    [InlineData("idx")]
    [InlineData("visible")]
    [InlineData("removed.idx")]
    [InlineData("removed.pack")]
    public async Task Killed_at_a_step_of_a_merge_it_comes_back_with_every_paste_it_acknowledged(string step)
    {
        using var folder = new TemporaryFolder();
        var killed = ChildProgram.Start(new ChildProgram.Work(folder["repo.git"], step, Writers: 1, JournalBytes: 8 << 10));
        Assert.True(killed.ExitCode == 128 + 9, $"The child was not killed at {step}: {killed.ExitCode} {killed.Errors}");
        await PasteCheck.RecoversAsync(folder["repo.git"], [.. killed.Acknowledged]);
    }

    [Fact]
    public async Task Killed_at_any_moment_under_64_writers_it_comes_back_with_every_paste_it_acknowledged()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new List<int>();
        for (var round = 0; round < 8; round++)
        {
            var work = new ChildProgram.Work(folder["repo.git"], Writers: 64, First: round * 100_000, JournalBytes: 256 << 10);
            var killed = ChildProgram.Start(work, killAfter: 150 + 190 * round);
            Assert.Equal(128 + 9, killed.ExitCode);
            acknowledged.AddRange(killed.Acknowledged);
            PasteCheck.IsClean(folder["repo.git"]);
        }
        await PasteCheck.RecoversAsync(folder["repo.git"], acknowledged);
    }

    [Fact]
    public async Task A_lock_file_that_a_killed_run_left_does_not_stop_the_next_one()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var killed = ChildProgram.Start(new ChildProgram.Work(path, "roll.visible", 1));
        // As if the kill had come a moment later, between the lock of the ref and its rename.
        var events = new List<StoreEvent>();
        string tip;
        StockGit.Copy(path, folder["look.git"]);
        await using (var look = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["look.git"] }, TestContext.Current.CancellationToken))
        {
            Assert.True(look.Current.TryGetRef("refs/heads/main", out var id));
            tip = id.ToString();
        }
        await File.WriteAllTextAsync(Path.Combine(path, "refs", "heads", "main.lock"), tip + "\n", TestContext.Current.CancellationToken);

        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, OnEvent = events.Add }, TestContext.Current.CancellationToken))
            PasteCheck.Holds(repository.Current, killed.Acknowledged);
        Assert.Contains(events, e => e.Message.Contains("lock", StringComparison.Ordinal));
        await PasteCheck.RecoversAsync(path, killed.Acknowledged);
    }

    [Fact]
    public async Task A_creation_that_was_cut_short_is_finished_by_the_next_start()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["repo.git/objects/pack"]);
        await File.WriteAllTextAsync(folder["repo.git/HEAD.tmp"], "ref: re", TestContext.Current.CancellationToken);
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["repo.git"] }, TestContext.Current.CancellationToken))
            Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), PasteCommit.Text(1)), TestContext.Current.CancellationToken));
        await PasteCheck.RecoversAsync(folder["repo.git"], [1]);
    }

    [Fact]
    public async Task A_folder_with_other_files_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["home"]);
        await File.WriteAllTextAsync(folder["home/config"], "mine", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<GitDataException>(() => Repository.OpenAsync(new RepositoryOptions { Folder = folder["home"] }, TestContext.Current.CancellationToken));
        Assert.Equal([folder["home/config"]], Directory.GetFileSystemEntries(folder["home"]));
    }
}
