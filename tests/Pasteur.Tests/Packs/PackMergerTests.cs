using System.Text;
using CsCheck;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Packs;

public sealed class PackMergerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("true")]
    [InlineData("false")] // reference deltas
    public void Packs_that_share_objects_become_one_that_holds_each_once(string offsetDeltas)
    {
        using var repository = new StockRepository();
        var packs = Grow(repository, offsetDeltas, rounds: 6);
        var expected = packs.SelectMany(Ids).ToHashSet();
        Assert.True(packs.Sum(pack => pack.Count) > expected.Count, "The packs share nothing.");
        var objects = repository.ReadAllObjects();

        using var merged = Merge(repository, packs);
        Assert.Equal(expected.Order(), Ids(merged));
        foreach (var id in expected)
        {
            Assert.True(merged.TryRead(id, out var content));
            Assert.Equal(objects[id].Bytes.ToArray(), content.Bytes.ToArray());
        }

        repository.Git("index-pack", "--strict", "-o", Path.Combine(repository.Path, "stock.idx"), merged.Name);
        Assert.Equal(File.ReadAllBytes(Path.Combine(repository.Path, "stock.idx")), File.ReadAllBytes(merged.Index.Name));

        PackMerger.Remove(packs.Select(MergedPack.Of), merged.Name);
        Assert.Equal(["idx", "keep", "pack"], Directory.GetFiles(repository.PackFolder).Select(path => Path.GetExtension(path)[1..]).Order());
        repository.Git("fsck", "--strict", "--full");
        repository.Git("gc", "-q", "--prune=now");
        repository.Git("fsck", "--strict", "--full");
        foreach (var pack in packs) pack.Dispose();
    }

    [Fact]
    public void Most_entries_are_copied_as_they_are()
    {
        using var repository = new StockRepository();
        var packs = Grow(repository, "true", rounds: 4);
        using var merged = Merge(repository, packs);
        Assert.InRange(merged.Data.Length, 0, packs.Sum(pack => pack.Data.Length));
        foreach (var pack in packs) pack.Dispose();
    }

    [Fact]
    public void A_chain_too_long_for_the_result_is_broken_by_whole_objects()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(400);
        repository.Git("repack", "-adfq", "--depth=250", "--window=20");
        using var pack = Open(repository).Single();
        Assert.True(DeepestChain(repository, pack) > GitLimits.MaxMergedDeltaChain);
        using var merged = Merge(repository, [pack]);
        Assert.InRange(DeepestChain(repository, merged), 2, GitLimits.MaxMergedDeltaChain);
        Assert.Equal(Ids(pack), Ids(merged));
        repository.Git("fsck", "--strict", "--full");
    }

    [Fact]
    public void Records_of_the_journal_are_left_out_and_what_was_made_of_them_is_stored_whole()
    {
        using var repository = new StockRepository();
        var commit = repository.FillWithHistory(1);
        var record = Tag(commit, "pasteur.ref-record", "one");
        var kept = Tag(commit, "v2", "tag pasteur.ref-record\n");
        var other = Tag(commit, "v3", "");
        var builder = new PackBuilder();
        var first = builder.Add(ObjectKind.Tag, record);
        builder.AddOffsetDelta(first, PackBuilder.Insert(record.Length, other));
        builder.Add(ObjectKind.Tag, kept);
        builder.Add(ObjectKind.Tag, Tag(commit, "pasteur.ref-record-two", ""));
        using var source = Store(repository, builder.Build());
        using var merged = Merge(repository, [source]);
        Assert.Equal(2, merged.Count);
        Assert.True(merged.TryRead(ObjectHasher.Hash(ObjectKind.Tag, kept), out _));
        Assert.False(merged.Index.TryFind(ObjectHasher.Hash(ObjectKind.Tag, record), out _));
        Assert.True(merged.TryRead(ObjectHasher.Hash(ObjectKind.Tag, other), out var whole));
        Assert.Equal(other, whole.Bytes.ToArray());
    }

    [Fact]
    public void A_reference_delta_whose_base_comes_later_and_a_base_in_another_pack_both_end_up_behind_their_base()
    {
        byte[] ab = [.. "ab"u8], abc = [.. "abc"u8], abcd = [.. "abcd"u8];
        var late = new PackBuilder();
        late.AddReferenceDelta(ObjectHasher.Hash(ObjectKind.Blob, ab), PackBuilder.Insert(2, abc));
        late.Add(ObjectKind.Blob, ab);
        late.Add(ObjectKind.Blob, [.. "more"u8]);
        var other = new PackBuilder();
        var copy = other.Add(ObjectKind.Blob, abc);
        other.AddOffsetDelta(copy, PackBuilder.Insert(3, abcd));
        using var repository = new StockRepository();
        using var first = Store(repository, late.Build());
        using var second = Store(repository, other.Build());
        using var merged = Merge(repository, [second, first]);
        Assert.Equal(4, merged.Count);
        foreach (var content in (byte[][])[ab, abc, abcd])
        {
            Assert.True(merged.TryRead(ObjectHasher.Hash(ObjectKind.Blob, content), out var read));
            Assert.Equal(content, read.Bytes.ToArray());
        }

        repository.Git("index-pack", "--strict", "-o", Path.Combine(repository.Path, "stock.idx"), merged.Name);
    }

    // A git repack that has chosen the pack for removal before a .keep appears, and honours that after, leaves its objects nowhere.
    [Fact]
    public void A_pack_that_holds_all_of_the_others_is_the_merged_one_and_never_gets_a_keep()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(5);
        repository.Git("repack", "-adfq");
        using var all = Open(repository).Single();
        var written = File.GetLastWriteTimeUtc(all.Name);
        var some = string.Concat(Ids(all).Take(5).Select(id => $"{id}\n"));
        using var part = Store(repository, repository.GitBytes(Encoding.ASCII.GetBytes(some), "pack-objects", "-q", "--stdout"));
        var steps = new List<string>();
        using var target = new FilePackTarget(repository.PackFolder);
        var merged = new PackMerger([all, part], target, steps.Add).Merge(Ct);
        Assert.Same(all, merged);
        Assert.Equal(["copied"], steps);
        PackMerger.Remove([MergedPack.Of(all), MergedPack.Of(part)], merged.Name);
        repository.Git("fsck", "--strict", "--full");
        Assert.Equal(written, File.GetLastWriteTimeUtc(all.Name));
        Assert.Equal([all.Name], Directory.GetFiles(repository.PackFolder, "*.pack"));
    }

    [Fact]
    public void A_pack_that_git_has_made_anew_meanwhile_is_not_removed()
    {
        using var repository = new StockRepository();
        var packs = Grow(repository, "true", rounds: 2);
        using var merged = Merge(repository, packs);
        var retired = packs.Select(MergedPack.Of).ToArray();
        File.SetLastWriteTimeUtc(packs[1].Name, DateTime.UtcNow.AddMilliseconds(4));
        PackMerger.Remove(retired, merged.Name);
        string[] expected = [packs[1].Name, merged.Name];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory.GetFiles(repository.PackFolder, "*.pack").Order(StringComparer.Ordinal));
        foreach (var pack in packs) pack.Dispose();
    }

    [Fact]
    public void A_pack_whose_name_is_in_use_gets_another_and_the_one_in_use_no_keep()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(5);
        repository.Git("repack", "-adfq");
        using var first = Open(repository).Single();
        PackIndexEntry[] entries = [.. Enumerable.Range(0, first.Count).Select(n => new PackIndexEntry(first.Index.IdAt(n), first.Index.OffsetAt(n), first.Index.Crc32At(n)))];
        using var target = new FilePackTarget(repository.PackFolder);
        target.Append(File.ReadAllBytes(first.Name));
        using var second = target.Install(entries, first.Index.PackChecksum, null);
        Assert.NotEqual(first.Name, second.Name);
        Assert.Equal([Path.ChangeExtension(second.Name, ".keep")], Directory.GetFiles(repository.PackFolder, "*.keep"));
        Assert.Equal(Ids(first), Ids(second));
        repository.Git("fsck", "--strict", "--full");
    }

    [Theory]
    [InlineData(20)] // the header of the first entry, or near
    [InlineData(-30)] // the last entry
    public void A_damaged_entry_stops_the_merge_and_leaves_everything_as_it_was(int place)
    {
        using var repository = new StockRepository();
        var packs = Grow(repository, "true", rounds: 2);
        var bytes = File.ReadAllBytes(packs[1].Name);
        bytes[place < 0 ? bytes.Length + place : place] ^= 4;
        File.SetUnixFileMode(packs[1].Name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(packs[1].Name, bytes);
        var before = Directory.GetFiles(repository.PackFolder).Order().ToArray();
        var fault = Assert.Throws<GitDataException>(() => Merge(repository, packs));
        Assert.Contains(packs[1].Name, fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(repository.PackFolder).Order());
        foreach (var pack in packs) pack.Dispose();
    }

    [Fact]
    public void Wherever_the_program_dies_the_repository_stays_clean_and_the_next_merge_succeeds()
    {
        string[] steps = ["copied", "synced", "keep", "pack", "idx", "visible", "removed.idx", "removed.pack", "removed.keep"];
        using var grown = new StockRepository();
        foreach (var pack in Grow(grown, "true", rounds: 3)) pack.Dispose();
        foreach (var step in steps)
        {
            using var repository = new StockRepository();
            foreach (var path in Directory.GetFiles(grown.PackFolder)) File.Copy(path, Path.Combine(repository.PackFolder, Path.GetFileName(path)));
            repository.Git("update-ref", "refs/heads/main", grown.Git("rev-parse", "main"));
            var packs = Open(repository);
            var expected = packs.SelectMany(Ids).ToHashSet();
            var target = new FilePackTarget(repository.PackFolder);
            Assert.Throws<OperationCanceledException>(() =>
            {
                var merged = new PackMerger(packs, target, Die).Merge(Ct);
                PackMerger.Remove(packs.Select(MergedPack.Of), merged.Name, Die);
            });
            // Not disposed: a dead program tidies up nothing.
            repository.Git("fsck", "--strict", "--full");

            FilePackTarget.RemoveLeftovers(repository.PackFolder);
            var remaining = Open(repository);
            using var again = Merge(repository, remaining);
            Assert.Equal(expected.Order(), Ids(again));
            PackMerger.Remove(remaining.Select(MergedPack.Of), again.Name);
            repository.Git("fsck", "--strict", "--full");
            target.Dispose();
            foreach (var pack in packs.Concat(remaining)) pack.Dispose();

            void Die(string name)
            {
                if (name == step) throw new OperationCanceledException(step);
            }
        }
    }

    [Fact]
    public void An_index_that_leads_deltas_in_a_circle_stops_the_merge()
    {
        var (one, two) = (ObjectHasher.Hash(ObjectKind.Blob, [1]), ObjectHasher.Hash(ObjectKind.Blob, [2]));
        var builder = new PackBuilder();
        var first = builder.AddReferenceDelta(two, PackBuilder.Insert(1, [1]));
        var second = builder.AddReferenceDelta(one, PackBuilder.Insert(1, [2]));
        var bytes = builder.Build();
        PackIndexEntry[] index = [Line(one, first, second), Line(two, second, bytes.Length - ObjectId.Size)];
        Array.Sort(index);
        var data = new MemoryPackData("circle.pack");
        data.Append(bytes);
        using var pack = new PackFile(data, PackIndex.Load(PackIndexWriter.ToArray(index, new ObjectId(bytes.AsSpan()[^ObjectId.Size..])), "circle.idx"));
        using var target = new MemoryPackTarget();
        var fault = Assert.Throws<GitDataException>(() => new PackMerger([pack], target).Merge(Ct));
        Assert.Contains("circle", fault.Problem, StringComparison.Ordinal);

        PackIndexEntry Line(ObjectId id, long from, long to) => new(id, from, Crc32.Compute(bytes.AsSpan((int)from, (int)(to - from))));
    }

    [Fact]
    public void A_merge_ends_when_it_is_cancelled()
    {
        using var repository = new StockRepository();
        var packs = Grow(repository, "true", rounds: 2);
        using var target = new FilePackTarget(repository.PackFolder);
        Assert.Throws<OperationCanceledException>(() => new PackMerger(packs, target).Merge(new CancellationToken(canceled: true)));
        foreach (var pack in packs) pack.Dispose();
    }

    [Fact]
    public void Packs_that_others_keep_are_left_alone()
    {
        using var repository = new StockRepository();
        var packs = Grow(repository, "true", rounds: 3);
        Assert.Equal(3, PackGeometry.Choose(packs).Length);
        File.WriteAllText(Path.ChangeExtension(packs[0].Name, ".keep"), "the owner's");
        File.WriteAllText(Path.ChangeExtension(packs[1].Name, ".keep"), Encoding.ASCII.GetString(PackInstaller.KeepMark));
        Assert.DoesNotContain(packs[0], PackGeometry.Choose(packs));
        Assert.Contains(packs[1], PackGeometry.Choose(packs));
        File.WriteAllText(Path.ChangeExtension(packs[1].Name, ".promisor"), "");
        Assert.Empty(PackGeometry.Choose(packs));
        foreach (var pack in packs) pack.Dispose();
    }

    [Theory]
    [InlineData(new int[0], 0)]
    [InlineData(new[] { 5 }, 0)]
    [InlineData(new[] { 1, 2, 4, 8 }, 0)]
    [InlineData(new[] { 1, 1, 4, 8 }, 2)]
    [InlineData(new[] { 1, 1, 3, 8 }, 4)] // 2, then 5, then 13
    [InlineData(new[] { 1, 1, 1 }, 3)]
    [InlineData(new[] { 1, 2, 4, 7 }, 4)]
    [InlineData(new[] { 1, 600, 700 }, 0)] // those are full
    [InlineData(new[] { 1, 1, 600, 700 }, 2)]
    [InlineData(new[] { 400, 400, 400 }, 2)] // three would be too many
    public void The_packs_out_of_proportion_are_chosen(int[] ascending, int expected) =>
        Assert.Equal(expected, PackGeometry.CountToMerge(ascending, 1000));

    [Fact]
    public void Packs_that_come_in_any_sizes_stay_few_and_are_copied_seldom() =>
        Gen.Int[1, 50].Array[1, 600].Sample(sizes =>
        {
            const int Most = 1000;
            var packs = new List<int>();
            var copied = 0L;
            foreach (var size in sizes)
            {
                packs.Add(size);
                packs.Sort();
                for (int merged; (merged = PackGeometry.CountToMerge(packs.ToArray(), Most)) != 0;)
                {
                    var sum = packs.Take(merged).Sum();
                    Assert.InRange(sum, 0, Most);
                    copied += sum;
                    packs.RemoveRange(0, merged);
                    packs.Add(sum);
                    packs.Sort();
                }

                Assert.InRange(packs.Count(pack => pack < Most / 2), 0, 10);
            }

            Assert.InRange(copied, 0, sizes.Sum(size => (long)size) * 12);
        });

    /// <summary>Several packs by stock git: each round's new objects, with completed thin deltas, so that bases are in two packs.</summary>
    private static PackFile[] Grow(StockRepository repository, string offsetDeltas, int rounds)
    {
        using var source = new StockRepository();
        source.FillWithHistory(rounds * 15);
        repository.Git("config", "transfer.unpackLimit", "1");
        for (var round = 1; round <= rounds; round++)
        {
            source.Git("branch", "-f", "part", $"main~{(rounds - round) * 15}");
            repository.Git("fetch", "-q", source.Path, "+part:refs/heads/main");
        }

        foreach (var keep in Directory.GetFiles(repository.PackFolder, "*.keep")) File.Delete(keep);
        foreach (var reverse in Directory.GetFiles(repository.PackFolder, "*.rev")) File.Delete(reverse);
        var packs = Open(repository);
        Assert.Equal(rounds, packs.Length);
        if (offsetDeltas == "true") return packs;

        // Pack each again, with the bases named by their ids.
        foreach (var pack in packs)
        {
            var ids = string.Concat(Ids(pack).Select(id => $"{id}\n"));
            var packed = repository.GitBytes(Encoding.ASCII.GetBytes(ids), "pack-objects", "-q", "--stdout");
            foreach (var path in (string[])[pack.Name, pack.Index.Name]) File.Delete(path);
            Store(repository, packed).Dispose();
            pack.Dispose();
        }

        return Open(repository);
    }

    private static PackFile[] Open(StockRepository repository) => [.. Directory.GetFiles(repository.PackFolder, "*.idx").Order().Select(PackFile.Open)];

    private static PackFile Store(StockRepository repository, byte[] pack)
    {
        var name = Encoding.ASCII.GetString(repository.GitBytes(pack, "index-pack", "--stdin")).Trim()[5..];
        File.Delete(Path.Combine(repository.PackFolder, $"pack-{name}.rev"));
        return PackFile.Open(Path.Combine(repository.PackFolder, $"pack-{name}.idx"));
    }

    private static PackFile Merge(StockRepository repository, IEnumerable<PackFile> packs)
    {
        using var target = new FilePackTarget(repository.PackFolder);
        return new PackMerger(packs, target).Merge(Ct);
    }

    private static ObjectId[] Ids(PackFile pack) => [.. Enumerable.Range(0, pack.Count).Select(pack.Index.IdAt)];

    private static int DeepestChain(StockRepository repository, PackFile pack)
    {
        var lines = repository.Git("verify-pack", "-s", pack.Name).Split('\n').Where(line => line.StartsWith("chain length", StringComparison.Ordinal));
        return lines.Max(line => int.Parse(line.Split(' ', ':', '=').Where(part => part != "").ElementAt(2), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static byte[] Tag(ObjectId commit, string name, string message) =>
        Encoding.ASCII.GetBytes($"object {commit}\ntype commit\ntag {name}\ntagger P <p@p> 0 +0000\n\n{message}\n");
}
