using System.Text;
using Pasteur.Git;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Journals;

/// <summary>The end of a journal, or any bit of it, is not what was written.</summary>
public sealed class TornJournalTests
{
    [Fact]
    public async Task Cut_at_any_byte_it_holds_every_batch_before_the_cut_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var written = await WriteAsync(folder, 4);
        for (var length = 0; length <= written.Ends[^1]; length++)
        {
            var scan = Scan(written, written.Bytes.AsSpan(0, length));
            var whole = written.Ends.Count(end => end <= length);
            Assert.Equal(whole == 0 ? null : whole, scan.LastRecord?.Sequence);
            Assert.Equal(whole == 0 ? Journal.HeaderLength : written.Ends[whole - 1], scan.IntactEnd);
            Assert.Equal(written.Entries.TakeWhile(entry => entry.Offset < scan.IntactEnd), scan.Entries);
            Assert.Empty(scan.BehindDamage);
        }
    }

    [Fact]
    public async Task Followed_by_anything_it_holds_every_batch()
    {
        using var folder = new TemporaryFolder();
        var written = await WriteAsync(folder, 3);
        var whole = written.Bytes.AsSpan(0, written.Ends[^1]).ToArray();
        var noise = new byte[5000];
        new Random(3).NextBytes(noise);
        byte[][] tails = [new byte[5000], noise, Encoding.ASCII.GetBytes(new string('x', 5000)), whole, whole[Journal.HeaderLength..], [0x95, .. new byte[300]], [.. Enumerable.Repeat((byte)0xFF, 4000)]];
        foreach (var tail in tails)
        {
            var scan = Scan(written, [.. whole, .. tail]);
            Assert.Equal(3, scan.LastRecord!.Sequence);
            Assert.Equal(whole.Length, scan.IntactEnd);
            Assert.Equal(tail.Any(value => value != 0), scan.TornBytes > 0);
        }
    }

    [Fact]
    public async Task With_any_bit_flipped_it_holds_the_batches_before_and_tells_of_those_behind()
    {
        using var folder = new TemporaryFolder();
        var written = await WriteAsync(folder, 4);
        var end = written.Ends[^1];
        var memory = new MemoryPackData("journal");
        memory.Append(written.Bytes.AsSpan(0, end));
        for (var at = 0; at < end; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                memory.Overwrite(at, [(byte)(written.Bytes[at] ^ 1 << bit)]);
                var scan = JournalScan.Read(memory, written.Mark);
                CheckFlipped(written, at, scan);
            }
            memory.Overwrite(at, [written.Bytes[at]]);
        }
    }

    [Fact]
    public async Task Whatever_the_damage_a_repository_opens_keeps_what_it_can_and_sets_the_file_aside()
    {
        using var folder = new TemporaryFolder();
        var written = await WriteAsync(folder, 6);
        var random = new Random(1);
        for (var round = 0; round < 24; round++)
        {
            var copy = folder[$"round{round}.git"];
            StockGit.Copy(folder["copy.git"], copy);
            var journal = Assert.Single(Directory.GetFiles(Path.Combine(copy, "pasteur", "journals")));
            var bytes = written.Bytes.AsSpan(0, written.Ends[^1]).ToArray();
            var at = random.Next(bytes.Length);
            switch (round % 4)
            {
                case 0: bytes = bytes[..at]; break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: random.NextBytes(bytes.AsSpan(at, Math.Min(400, bytes.Length - at))); break;
                default: bytes.AsSpan(0, Journal.HeaderLength).Fill((byte)round); break;
            }
            await File.WriteAllBytesAsync(journal, bytes, TestContext.Current.CancellationToken);
            var before = round % 4 == 3 ? 6 : written.Ends.Count(end => end <= at);

            var events = new List<StoreEvent>();
            await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = copy, OnEvent = events.Add }, TestContext.Current.CancellationToken))
                if (before > 0) PasteCheck.Holds(repository.Current, Enumerable.Range(0, before));
            PasteCheck.IsClean(copy);
            var aside = Directory.GetFiles(Path.Combine(copy, "pasteur", "journals"));
            if (aside.Length > 0)
            {
                Assert.StartsWith("journal.damaged-", Path.GetFileName(Assert.Single(aside)), StringComparison.Ordinal);
                Assert.Contains(events, e => e.Warning && e.Message.Contains(Path.GetFileName(journal), StringComparison.Ordinal));
                Assert.Equal(bytes, await File.ReadAllBytesAsync(aside[0], TestContext.Current.CancellationToken));
            }
            await PasteCheck.RecoversAsync(copy, [.. Enumerable.Range(0, before)]);
        }
    }

    [Fact]
    public async Task Damaged_files_of_several_starts_are_all_kept()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, 1);
        var journals = Path.Combine(folder["copy.git"], "pasteur", "journals");
        for (var round = 1; round <= 3; round++)
        {
            if (round > 1)
            {
                await using var live = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["copy.git"], IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
                Assert.IsType<CommitOutcome.Committed>(await live.CommitAsync(PasteCommit.Of(PasteCommit.Id(round), PasteCommit.Text(round)), TestContext.Current.CancellationToken));
                StockGit.Copy(folder["copy.git"], folder["next.git"]);
            }
            if (round > 1)
            {
                Directory.Delete(folder["copy.git"], recursive: true);
                Directory.Move(folder["next.git"], folder["copy.git"]);
            }
            var journal = Assert.Single(Directory.GetFiles(journals, "journal-*"));
            await using (var file = new FileStream(journal, FileMode.Append)) file.WriteByte(0x77);
            await using (await Repository.OpenAsync(new RepositoryOptions { Folder = folder["copy.git"] }, TestContext.Current.CancellationToken))
                Assert.True(true);
            Assert.Equal(round, Directory.GetFiles(journals, "journal.damaged-*").Length);
        }
    }

    // The attack: text that is, byte for byte, the entry of a record, in a paste that is stored as it is; then a kill in the middle of
    // a batch, so that recovery looks for records in the bytes of the paste.
    [Fact]
    public async Task A_paste_that_looks_like_a_record_is_never_taken_for_one()
    {
        using var folder = new TemporaryFolder();
        var path = folder["live.git"];
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        var first = Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(0), PasteCommit.Text(0)), TestContext.Current.CancellationToken));
        var burned = Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), PasteCommit.Text(1), "secret"), TestContext.Current.CancellationToken));
        var journal = Directory.GetFiles(Path.Combine(path, "pasteur", "journals")).Order(StringComparer.Ordinal).First();
        foreach (var mark in (string[])[new('0', 32), Journal.MarkOf(journal)])
        {
            var forged = Forged(mark, burned.Commit);
            await repository.CommitAsync(PasteCommit.Of("forged" + mark[..4], Encoding.Latin1.GetString(forged)) with { Edits = [new TreeEdit("f/o/r/g", PreparedBlob.Create(forged))] }, TestContext.Current.CancellationToken);
            var copy = folder[$"copy-{mark[..4]}.git"];
            StockGit.Copy(path, copy);
            var bytes = await File.ReadAllBytesAsync(Path.Combine(copy, "pasteur", "journals", Path.GetFileName(journal)), TestContext.Current.CancellationToken);
            var at = bytes.AsSpan().IndexOf(forged);
            Assert.True(at > 0, "the paste is not stored as it is: this test tests nothing");

            // The batch is torn right behind the paste.
            var scan = Scan(bytes.AsSpan(0, at + forged.Length + 20), Journal.MarkOf(journal));
            // With the mark known, and only then, the forgery would be looked at: the search is alive.
            Assert.Equal(mark == Journal.MarkOf(journal) ? 1 : 0, scan.BehindDamage.Count);
            Assert.DoesNotContain(scan.LastRecord!.Refs, state => state is { Name: "refs/heads/main" } && state.Current == burned.Commit);
            // Read from the beginning it is a blob, whatever it says.
            var whole = Scan(bytes, Journal.MarkOf(journal));
            Assert.DoesNotContain(whole.LastRecord!.Refs, state => state is { Name: "refs/heads/main" } && state.Current == burned.Commit);
            Assert.Equal(0, whole.TornBytes);
        }
        Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip) && tip != first.Commit);
    }

    // A journal that was reused after a failed append: behind the newest batch stand the last entries and the record of an older, longer one.
    [Fact]
    public async Task The_end_of_an_older_batch_behind_the_newest_one_is_not_taken_for_a_batch()
    {
        using var folder = new TemporaryFolder();
        var written = await WriteAsync(folder, 3);
        var last = written.Bytes.AsSpan(written.Ends[1], written.Ends[2] - written.Ends[1]).ToArray();
        var scan = Scan(written, [.. written.Bytes.AsSpan(0, written.Ends[2]), .. last]);
        Assert.Equal(written.Ends[2], scan.IntactEnd);
        Assert.Equal(3, scan.LastRecord!.Sequence);
    }

    private static byte[] Forged(string mark, ObjectId tip)
    {
        var record = new RefRecord(tip, new BatchSeal(mark, 12, 0), 1_000_000, [new RefState("refs/heads/main", default, tip)]).Write();
        var entry = new EntryBuffer();
        entry.AppendWhole(ObjectKind.Tag, record, Packing.Store);
        return entry.Written.ToArray();
    }

    private static void CheckFlipped(Written written, int at, JournalScan scan)
    {
        // Header, or one of the few bits that mean nothing (the padding of a stored block): all is there.
        if (scan.IntactEnd == written.Ends[^1] && scan.LastRecord!.Sequence == written.Ends.Length)
        {
            Assert.Equal(written.Entries, scan.Entries);
            return;
        }
        var before = written.Ends.Count(end => end <= at);
        Assert.True(at >= Journal.HeaderLength, $"byte {at} of the header costs a batch");
        Assert.Equal(before == 0 ? Journal.HeaderLength : written.Ends[before - 1], scan.IntactEnd);
        Assert.Equal(before == 0 ? null : before, scan.LastRecord?.Sequence);
        Assert.True(scan.TornBytes > 0);
        Assert.NotEqual("", scan.Fault);
        // Every later batch is found again; the damaged one too when its record is not what was hit.
        Assert.InRange(scan.BehindDamage.Count, written.Ends.Length - before - 1, written.Ends.Length - before);
        Assert.All(scan.BehindDamage, record => Assert.InRange(record.Sequence, before + 1, written.Ends.Length));
    }

    private static JournalScan Scan(Written written, ReadOnlySpan<byte> bytes) => Scan(bytes, written.Mark);

    private static JournalScan Scan(ReadOnlySpan<byte> bytes, string mark)
    {
        var memory = new MemoryPackData("journal");
        memory.Append(bytes);
        return JournalScan.Read(memory, mark);
    }

    /// <summary>Leaves copy.git as a kill after the last of some commits would, each commit a batch.</summary>
    private static async Task<Written> WriteAsync(TemporaryFolder folder, int commits)
    {
        var path = folder["live.git"];
        var ends = new List<int>();
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        for (var n = 0; n < commits; n++)
        {
            Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken));
            ends.Add((int)repository.Health.JournalBytes);
        }
        StockGit.Copy(path, folder["copy.git"]);
        var journal = Assert.Single(Directory.GetFiles(Path.Combine(folder["copy.git"], "pasteur", "journals")));
        var bytes = await File.ReadAllBytesAsync(journal, TestContext.Current.CancellationToken);
        var scan = Scan(bytes, Journal.MarkOf(journal));
        Assert.Equal(ends[^1], scan.IntactEnd);
        return new Written(bytes, Journal.MarkOf(journal), [.. ends], [.. scan.Entries]);
    }

    private sealed record Written(byte[] Bytes, string Mark, int[] Ends, (ObjectId Id, long Offset)[] Entries);
}
