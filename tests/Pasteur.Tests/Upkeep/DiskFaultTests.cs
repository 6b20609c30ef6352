using System.Diagnostics;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Upkeep;

/// <summary>The disk is full, or fails. Needs to be root (mount) and strace; both are what the machine that runs the tests has.</summary>
public sealed class DiskFaultTests
{
    [Fact]
    public async Task A_full_disk_refuses_keeps_what_was_acknowledged_and_serves_again_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk(folder["disk"], "4m");
        var filler = Path.Combine(disk.Path, "filler");
        var acknowledged = new List<int>();
        var refused = 0;
        var options = new RepositoryOptions { Folder = Path.Combine(disk.Path, "repo.git"), JournalBytes = 64 << 10, IdleRoll = TimeSpan.FromMilliseconds(100) };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            await CommitAsync(9_999);
            for (var round = 0; round < 2; round++)
            {
                Fill(filler);
                for (var n = 10_000 * round; refused < 20 * (round + 1); n++)
                {
                    Assert.True(n < 10_000 * round + 9_000, "the disk does not fill");
                    await CommitAsync(n);
                }
                Assert.NotNull(repository.Health.Problem);
                Assert.False(repository.Health.Writable);
                PasteCheck.Holds(repository.Current, acknowledged);

                File.Delete(filler);
                for (var wait = 0; !repository.Health.Writable; wait++)
                {
                    Assert.True(wait < 200, "there is room, but no service");
                    await Task.Delay(50, TestContext.Current.CancellationToken);
                }
                var before = refused;
                for (var n = 10_000 * round + 9_000; n < 10_000 * round + 9_020; n++) await CommitAsync(n);
                Assert.Equal(before, refused);
            }

            async Task CommitAsync(int n)
            {
                var outcome = await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken);
                if (outcome is CommitOutcome.Committed) acknowledged.Add(n);
                else Assert.IsType<CommitOutcome.Unavailable>(outcome);
                refused += outcome is CommitOutcome.Unavailable ? 1 : 0;
            }
        }
        Assert.NotEmpty(acknowledged);
        await PasteCheck.RecoversAsync(Path.Combine(disk.Path, "repo.git"), acknowledged);
    }

    // The first one makes the journal, so that one commit or more is acknowledged before the failure.
    [Theory]
    [InlineData("fdatasync:error=EIO:when=3+", true)]
    [InlineData("fdatasync:error=EIO:when=40", true)]
    [InlineData("fdatasync:error=EIO:when=5..6", true)]
    [InlineData("fsync:error=EIO:when=40+", false)]
    public async Task After_a_failed_sync_nothing_is_acknowledged_and_what_was_is_there_after_the_next_start(string fault, bool forGood)
    {
        using var folder = new TemporaryFolder();
        var work = new ChildProgram.Work(folder["repo.git"], Writers: 4, Commits: 400, JournalBytes: 16 << 10);
        var ended = ChildProgram.Start(work, int.MaxValue, "strace", "-f", "-qq", "-o", folder["trace"], "-e", "trace=fdatasync,fsync", "-e", $"inject={fault}");
        Assert.True(ended.ExitCode == 0, $"{ended.ExitCode} {ended.Errors}");
        var trace = await File.ReadAllTextAsync(folder["trace"], TestContext.Current.CancellationToken);
        Assert.Contains("(INJECTED)", trace, StringComparison.Ordinal);
        if (forGood)
        {
            Assert.NotEmpty(ended.Acknowledged);
            Assert.NotEmpty(ended.Refused);
            Assert.Equal(work.Commits, ended.Acknowledged.Count + ended.Refused.Count);
            Assert.All(ended.Refused, line => Assert.Contains("fdatasync failed", line, StringComparison.Ordinal));
            // Four writers: what was answered together with the failure may stand behind it in the output, no more.
            Assert.InRange(ended.Acknowledged.Count, 1, 200);
        }
        await PasteCheck.RecoversAsync(folder["repo.git"], [.. ended.Acknowledged]);
    }

    // The kernel reports a lost write once to each open file: whoever passes over it here would hear from the fsync that all is well.
    [Fact]
    public async Task A_write_back_that_fails_makes_no_pack_and_no_commit_is_lost()
    {
        using var folder = new TemporaryFolder();
        // The files of a new repository are written back too: it is made before.
        Assert.Equal([1000], ChildProgram.Start(new ChildProgram.Work(folder["repo.git"], Writers: 1, Commits: 1, First: 1000)).Acknowledged);
        var packs = Directory.GetFiles(Path.Combine(folder["repo.git"], "objects", "pack"), "*.idx");
        var work = new ChildProgram.Work(folder["repo.git"], Writers: 4, Commits: 100, JournalBytes: 16 << 10);
        var ended = ChildProgram.Start(work, int.MaxValue, "strace", "-f", "-qq", "-o", folder["trace"], "-e", "trace=sync_file_range", "-e", "inject=sync_file_range:error=EIO");
        Assert.Contains("(INJECTED)", await File.ReadAllTextAsync(folder["trace"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(work.Commits, ended.Acknowledged.Count);
        Assert.Equal(packs, Directory.GetFiles(Path.Combine(folder["repo.git"], "objects", "pack"), "*.idx"));
        await PasteCheck.RecoversAsync(folder["repo.git"], [1000, .. ended.Acknowledged]);
    }

    [Fact]
    public void Each_batch_is_synced_before_it_is_answered()
    {
        using var folder = new TemporaryFolder();
        var work = new ChildProgram.Work(folder["repo.git"], Writers: 1, Commits: 20, JournalBytes: 1 << 20);
        var ended = ChildProgram.Start(work, int.MaxValue, "strace", "-f", "-qq", "-y", "-o", folder["trace"], "-e", "trace=fdatasync,fsync,pwrite64,write", "-e", "signal=none");
        Assert.Equal((0, 20), (ended.ExitCode, ended.Acknowledged.Count));
        var isWritten = false;
        var isSynced = false;
        var answers = 0;
        foreach (var line in File.ReadLines(folder["trace"]))
        {
            if (line.Contains("pwrite64(", StringComparison.Ordinal) && line.Contains("/journal-", StringComparison.Ordinal)) (isWritten, isSynced) = (true, false);
            if (line.Contains("fdatasync", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal)) isSynced = true;
            if (!line.Contains("\"ok ", StringComparison.Ordinal)) continue;
            Assert.True(isWritten && isSynced, $"answered before the sync: {line}");
            isWritten = false;
            answers++;
        }
        Assert.Equal(20, answers);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_when_it_is_opened()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk(folder["disk"], "4m");
        var path = Path.Combine(disk.Path, "repo.git");
        // In a process of its own, so that none of its files is still open for writing.
        Assert.Equal([1], ChildProgram.Start(new ChildProgram.Work(path, Writers: 1, Commits: 1, First: 1)).Acknowledged);
        disk.MakeReadOnly();
        try
        {
            await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path }, TestContext.Current.CancellationToken);
            PasteCheck.Holds(repository.Current, [1]);
            Assert.IsType<CommitOutcome.Unavailable>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(2), PasteCommit.Text(2)), TestContext.Current.CancellationToken));
            Assert.False(repository.Health.Writable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Contains(disk.Path, e.Message, StringComparison.Ordinal);
        }
        PasteCheck.HoldsForGit(path, [1]);
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        var chunk = new byte[64 << 10];
        try
        {
            while (file.Length < 1 << 30) file.Write(chunk);
        }
        catch (IOException)
        {
            // Full: that is what it was for.
            Assert.True(file.Length > 0);
        }
    }

    /// <summary>A file system of a few megabytes, in memory.</summary>
    private sealed class SmallDisk : IDisposable
    {
        public SmallDisk(string path, string size)
        {
            Path = Directory.CreateDirectory(path).FullName;
            Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", Path);
        }

        public string Path { get; }

        public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

        // Files that the store had open are closed by the garbage collector, which nobody waits for.
        public void Dispose() => Run("umount", "--lazy", Path);

        private static void Run(params string[] command)
        {
            using var process = Process.Start(command[0], command[1..]);
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}");
        }
    }
}
