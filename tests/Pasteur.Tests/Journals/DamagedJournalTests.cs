using System.Text;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Journals;

/// <summary>A journal with a damaged stretch in its middle, as a bad sector leaves it.</summary>
public sealed class DamagedJournalTests
{
    private const int Pastes = 400;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task What_stands_before_and_behind_the_damage_is_kept_and_the_loss_is_told(double where)
    {
        using var folder = new TemporaryFolder();
        var journal = await WriteAndCopyLiveJournalAsync(folder);
        using (var file = new FileStream(journal, FileMode.Open, FileAccess.ReadWrite))
        {
            // The reserved zeros at the end do not count.
            var used = LastByteSet(file);
            file.Position = (long)(used * where);
            file.Write(Enumerable.Repeat((byte)0x5A, 64).ToArray());
        }

        var events = new List<StoreEvent>();
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["copy.git"], OnEvent = events.Add }, TestContext.Current.CancellationToken);
        var snapshot = repository.Current;
        Assert.True(snapshot.TryGetRef("refs/heads/main", out var tip));
        var found = Enumerable.Range(0, Pastes).Count(n => snapshot.Find(tip, $"{PasteCommit.FolderOf(PasteCommit.Id(n))}/paste.txt") is { } entry
            && Encoding.UTF8.GetString(snapshot.ReadBlob(entry.Id)) == Text(n));
        // One batch is one paste here: no more than what the stretch touches is lost, which may be trees and commits alone.
        Assert.InRange(found, Pastes - 2, Pastes);
        Assert.Contains(events, e => e.Warning && e.Message.Contains("journal-", StringComparison.Ordinal) && e.Message.Contains("damaged", StringComparison.Ordinal));
        await repository.DisposeAsync();
        Assert.Single(Directory.GetFiles(Path.Combine(folder["copy.git"], "pasteur", "journals"), "journal.damaged-*"));
        Assert.Equal("", StockGit.Run(folder["copy.git"], "fsck", "--strict", "--no-dangling"));
    }

    private static async Task<string> WriteAndCopyLiveJournalAsync(TemporaryFolder folder)
    {
        var path = folder["live.git"];
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        for (var n = 0; n < Pastes; n++)
            Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), Text(n)), default));
        StockGit.Copy(path, folder["copy.git"]);
        return Directory.GetFiles(Path.Combine(folder["copy.git"], "pasteur", "journals")).Order().First();
    }

    private static string Text(int n) => $"paste {n} {new string((char)('a' + n % 26), 700)}";

    private static long LastByteSet(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
    }
}
