using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Packs;

public sealed class PackFileTests
{
    [Theory]
    [InlineData("repack", "-adfq")]
    [InlineData("repack", "-adfq", "--depth=250", "--window=50")]
    [InlineData("-c", "repack.usedeltabaseoffset=false", "repack", "-adfq", "--depth=250", "--window=50")]
    [InlineData("-c", "core.compression=0", "repack", "-adFq")]
    [InlineData("-c", "pack.indexversion=2", "-c", "core.compression=9", "repack", "-adFq", "--window=0")]
    public void Every_object_of_a_stock_pack_reads_as_stock_git_reads_it(params string[] repack)
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(300);
        repository.Store(ObjectKind.Blob, new byte[3_000_000]);
        var large = new byte[300_000];
        new Random(2).NextBytes(large);
        repository.Git("tag", "-m", "large", "large", repository.Store(ObjectKind.Blob, large).ToString());
        repository.Git(repack);
        var expected = repository.ReadAllObjects();

        using var pack = PackFile.Open(Path.ChangeExtension(repository.OnlyPack(), ".idx"));
        var found = 0;
        foreach (var (id, content) in expected)
        {
            if (!pack.TryRead(id, out var actual)) continue;
            found++;
            Assert.Equal(content.Kind, actual.Kind);
            Assert.True(content.Bytes.Span.SequenceEqual(actual.Bytes.Span), id.ToString());
            Assert.Equal(id, ObjectHasher.Hash(actual.Kind, actual.Bytes.Span));
            Assert.True(pack.TryReadKind(id, out var kind));
            Assert.Equal(content.Kind, kind);
        }

        Assert.Equal(pack.Count, found);
        Assert.InRange(found, 900, expected.Count);
        Assert.False(pack.TryRead(ObjectId.Zero, out _));
    }

    [Fact]
    public void A_mapped_index_finds_what_it_finds_by_position_and_one_that_is_closed_is_passed_over()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(300);
        repository.Git("repack", "-adfq");
        var pack = PackFile.Open(Path.ChangeExtension(repository.OnlyPack(), ".idx"));
        ObjectId[] ids = [.. repository.ReadAllObjects().Keys, ObjectId.Zero];
        var expected = ids.Select(Place).ToList();
        using (new MappedIndexes([pack.Index])) Assert.Equal(expected, ids.Select(Place));
        Assert.Equal(expected, ids.Select(Place));
        using (new MappedIndexes([pack.Index])) pack.Dispose();

        long Place(ObjectId id) => pack.Index.TryFind(id, out var offset) ? offset : -1;
    }

    // What was read along with one object is kept for the next: not what a read that failed half-way has left.
    [Fact]
    public void After_a_read_that_failed_every_object_reads_as_it_is()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(60);
        var large = new byte[100_000];
        new Random(4).NextBytes(large);
        repository.Store(ObjectKind.Blob, large);
        repository.Git("repack", "-adfq", "--keep-unreachable");
        using var pack = PackFile.Open(Path.ChangeExtension(repository.OnlyPack(), ".idx"));
        var order = new PackOrder(pack);
        var expected = Enumerable.Range(0, order.Count).Select(n => pack.ReadAt(order.OffsetAt(n)).Bytes.ToArray()).ToList();
        using var failing = new FailingData(pack.Data);
        for (var fails = 1; fails < 40; fails++)
        {
            failing.FailAt = failing.Reads + fails;
            for (var n = 0; n < order.Count; n++)
            {
                try
                {
                    Assert.Equal(expected[n], PackReader.Read(failing, order.OffsetAt(n), pack.Locate).Bytes.ToArray());
                }
                catch (IOException)
                {
                    Assert.Equal(expected[n], PackReader.Read(failing, order.OffsetAt(n), pack.Locate).Bytes.ToArray());
                }
            }
        }
        Assert.InRange(failing.Reads, 100, 39 * order.Count);
    }

    private sealed class FailingData(PackData data) : PackData("failing")
    {
        public int Reads { get; private set; }

        public int FailAt { get; set; }

        public override long Length => data.Length;

        public override bool IsWorthKeeping => true;

        // What a disk has brought before it fails is in the buffer.
        public override int ReadAt(long offset, Span<byte> destination)
        {
            if (++Reads != FailAt) return data.ReadAt(offset, destination);
            destination.Fill(0x55);
            throw new IOException("the disk failed");
        }

        public override void Dispose()
        {
        }
    }

    // What a reader remembers of trees is told apart by pack and place.
    [Fact]
    public void Trees_at_the_same_places_of_two_packs_are_read_each_as_it_is()
    {
        var (one, oneNext) = (Tree('a', 1), Tree('b', 2));
        var (other, otherNext) = (Tree('a', 3), Tree('b', 4));
        var (first, second) = (Pack(one, oneNext), Pack(other, otherNext));
        Assert.Equal(first.Delta, second.Delta);
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(one, PackReader.Read(first.Data, first.Whole).Bytes.ToArray());
            Assert.Equal(otherNext, PackReader.Read(second.Data, second.Delta).Bytes.ToArray());
            Assert.Equal(oneNext, PackReader.Read(first.Data, first.Delta).Bytes.ToArray());
            Assert.Equal(other, PackReader.Read(second.Data, second.Whole).Bytes.ToArray());
            Assert.Equal(ObjectKind.Tree, PackReader.ReadKind(first.Data, first.Delta));
            Assert.Equal(ObjectKind.Blob, PackReader.ReadKind(first.Data, first.Blob));
        }

        static byte[] Tree(char name, byte id) => [.. "100644 "u8, (byte)name, 0, .. Enumerable.Repeat(id, ObjectId.Size)];

        static (PackData Data, long Whole, long Delta, long Blob) Pack(byte[] tree, byte[] next)
        {
            var builder = new PackBuilder();
            var whole = builder.Add(ObjectKind.Tree, tree);
            var delta = builder.AddOffsetDelta(whole, PackBuilder.Insert(tree.Length, next));
            var blob = builder.Add(ObjectKind.Blob, tree);
            var data = new MemoryPackData("pack");
            data.Append(builder.Build());
            return (data, whole, delta, blob);
        }
    }

    [Fact]
    public void An_index_lists_what_show_index_lists()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(50);
        repository.Git("repack", "-adfq");
        using var index = PackIndex.Open(Path.ChangeExtension(repository.OnlyPack(), ".idx"));
        var lines = System.Text.Encoding.ASCII.GetString(repository.GitBytes(File.ReadAllBytes(index.Name), "show-index")).TrimEnd('\n').Split('\n');
        Assert.Equal(lines, Enumerable.Range(0, index.Count).Select(n => $"{index.OffsetAt(n)} {index.IdAt(n)} ({index.Crc32At(n):x8})"));
        Assert.True(index.VerifyChecksum(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_index_that_was_let_go_takes_no_memory_and_reads_as_before()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(300);
        repository.Git("repack", "-adfq");
        using var index = PackIndex.Open(Path.ChangeExtension(repository.OnlyPack(), ".idx"));
        var ids = Enumerable.Range(0, index.Count).Select(index.IdAt).ToArray();
        Assert.InRange(Resident(index.Name), 1, long.MaxValue);

        index.LetGo();

        Assert.Equal(0, Resident(index.Name));
        Assert.Equal(ids, Enumerable.Range(0, index.Count).Select(index.IdAt));
        index.Dispose();
        index.LetGo();
    }

    /// <summary>Ids of other files stand in for ids that are not digests: all in one place, where an even spread leads to the wrong end.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(199)]
    [InlineData(201)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public void An_id_is_found_wherever_it_stands_and_however_unevenly_they_are_spread(int count)
    {
        foreach (var step in new[] { 1UL, 1UL << 40, ulong.MaxValue / (ulong)(count + 1) })
        {
            var ids = Enumerable.Range(1, count).Select(n => IdOf((ulong)n * step)).Order().ToArray();
            using var index = PackIndex.Load(IndexOf(ids), "made");
            for (var round = 0; round < 2; round++)
            {
                for (var n = 0; n < count; n++)
                {
                    Assert.True(index.TryFind(ids[n], out var offset));
                    Assert.Equal(12 + n, offset);
                }
                for (var n = 0; n < count; n++) Assert.False(index.TryFind(IdOf(((ulong)n * step) + 1 + (step > 1 ? 1UL : (ulong)count)), out _));
                index.MakeFilter();
            }
        }
    }

    /// <summary>As many that begin with one byte as a pack of fifty million has: the first estimate is off by hundreds.</summary>
    [Fact]
    public void Of_tens_of_millions_each_digest_is_found()
    {
        var random = new Random(8);
        var bytes = new byte[ObjectId.Size];
        var ids = Enumerable.Range(0, 400_000).Select(n =>
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(n % 2 == 0 ? 0 : 0x7f);
            return new ObjectId(bytes);
        }).Order().ToArray();
        using var index = PackIndex.Load(IndexOf(ids), "made");
        for (var n = 0; n < ids.Length; n++)
        {
            Assert.True(index.TryFind(ids[n], out var offset));
            Assert.Equal(12 + n, offset);
        }
        for (var n = 0; n < 100_000; n++)
        {
            random.NextBytes(bytes);
            Assert.False(index.TryFind(new ObjectId(bytes), out _));
        }
    }

    private static ObjectId IdOf(ulong number)
    {
        Span<byte> bytes = stackalloc byte[ObjectId.Size];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return new ObjectId(bytes);
    }

    // gitformat-pack, "Version 2 pack-*.idx files": checksums of zero do for look-ups.
    private static byte[] IndexOf(ObjectId[] ids)
    {
        var bytes = new MemoryStream();
        bytes.Write([0xff, (byte)'t', (byte)'O', (byte)'c', 0, 0, 0, 2]);
        for (var first = 0; first < 256; first++) Write(ids.Count(id => id.FirstByte <= first));
        Span<byte> raw = stackalloc byte[ObjectId.Size];
        foreach (var id in ids)
        {
            id.CopyTo(raw);
            bytes.Write(raw);
        }
        foreach (var _ in ids) Write(0);
        for (var n = 0; n < ids.Length; n++) Write(12 + n);
        bytes.Write(new byte[2 * ObjectId.Size]);
        return bytes.ToArray();

        void Write(int number)
        {
            Span<byte> big = stackalloc byte[sizeof(int)];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(big, number);
            bytes.Write(big);
        }
    }

    // proc_pid_smaps(5): under the line of a mapping, "Rss: 12 kB".
    private static long Resident(string path)
    {
        var lines = File.ReadAllLines("/proc/self/smaps");
        var mapping = Array.FindIndex(lines, line => line.EndsWith(path, StringComparison.Ordinal));
        var resident = Array.Find(lines[mapping..], line => line.StartsWith("Rss:", StringComparison.Ordinal))!;
        return long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void An_index_is_written_byte_for_byte_as_git_writes_it()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(50);
        repository.Git("repack", "-adfq");
        using var index = PackIndex.Open(Path.ChangeExtension(repository.OnlyPack(), ".idx"));
        var entries = Enumerable.Range(0, index.Count).Select(n => new PackIndexEntry(index.IdAt(n), index.OffsetAt(n), index.Crc32At(n))).ToArray();
        Assert.Equal(File.ReadAllBytes(index.Name), PackIndexWriter.ToArray(entries, index.PackChecksum));
    }

    [Fact]
    public void Offsets_beyond_two_gigabytes_go_through_the_long_table()
    {
        PackIndexEntry[] entries = [Entry(1, 12), Entry(2, int.MaxValue), Entry(3, 1L << 31), Entry(4, 1L << 40), Entry(5, 99)];
        using var index = PackIndex.Load(PackIndexWriter.ToArray(entries, ObjectId.Zero), "index");
        Assert.Equal(entries, Enumerable.Range(0, index.Count).Select(n => new PackIndexEntry(index.IdAt(n), index.OffsetAt(n), index.Crc32At(n))));
        Assert.True(index.TryFind(entries[3].Id, out var offset));
        Assert.Equal(1L << 40, offset);
    }

    [Fact]
    public void A_disposed_index_throws_and_touches_no_unmapped_memory()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(3);
        repository.Git("repack", "-adfq");
        var index = PackIndex.Open(Path.ChangeExtension(repository.OnlyPack(), ".idx"));
        var id = index.IdAt(0);
        index.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.TryFind(id, out _));
        Assert.Throws<ObjectDisposedException>(() => index.IdAt(0));
    }

    [Fact]
    public void Every_truncated_index_is_refused_by_name_or_fails_its_checksum()
    {
        var bytes = PackIndexWriter.ToArray([Entry(1, 12), Entry(7, 44), Entry(9, 1L << 33)], ObjectId.Zero);
        for (var length = 0; length < bytes.Length; length++) AssertDamageIsSeen(bytes[..length], length);
    }

    [Fact]
    public void Entries_out_of_order_are_not_written() =>
        Assert.Throws<ArgumentException>(() => PackIndexWriter.ToArray([Entry(2, 12), Entry(1, 44)], ObjectId.Zero));

    [Fact]
    public void Every_flipped_bit_of_an_index_is_noticed_or_seen_by_its_checksum()
    {
        var bytes = PackIndexWriter.ToArray([Entry(1, 12), Entry(7, 44), Entry(9, 1L << 33)], ObjectId.Zero);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertDamageIsSeen(bytes, bit);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task Every_truncated_pack_and_every_flipped_bit_of_one_is_noticed()
    {
        var builder = new PackBuilder();
        var text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(n => $"line {n}\n")));
        var first = builder.Add(ObjectKind.Blob, text);
        builder.AddOffsetDelta(first, PackBuilder.Insert(text.Length, [1, 2, 3]));
        builder.AddReferenceDelta(ObjectHasher.Hash(ObjectKind.Blob, text), PackBuilder.Insert(text.Length, [4, 5, 6]));
        var bytes = builder.Build();
        using var target = new MemoryPackTarget();
        using var sound = (await new PackIndexer(target, new PackIndexerOptions { FindBase = _ => null }).IndexAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken))!;
        var expected = Enumerable.Range(0, sound.Count).Select(sound.Index.IdAt).ToDictionary(id => id, id => sound.TryRead(id, out var content) ? content : default);

        for (var length = 0; length < bytes.Length; length++)
        {
            var part = bytes[..length];
            Assert.Throws<GitDataException>(() => new PackFile(InMemory(part), sound.Index));
        }

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            ReadAllOrRefuse(InMemory(bytes), sound.Index, expected);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Bases_that_run_in_a_circle_are_refused()
    {
        var (first, second) = (new ObjectId(new byte[20]), ObjectId.Parse("4b825dc642cb6eb9a060e54bf8d69288fbee4904"));
        using var data = new MemoryPackData("pack");
        data.Append(new byte[PackHeader.Length]);
        var offsets = new Dictionary<ObjectId, long> { [first] = data.Length };
        Append(data, PackEntryHeader.ForReferenceDelta(4, second), [1, 1, 0x90, 1]);
        offsets[second] = data.Length;
        Append(data, PackEntryHeader.ForReferenceDelta(4, first), [1, 1, 0x90, 1]);
        var fault = Assert.Throws<GitDataException>(() => PackReader.Read(data, offsets[first], id => offsets[id]));
        Assert.Contains("circle", fault.Message, StringComparison.Ordinal);
        Assert.Throws<GitDataException>(() => PackReader.ReadKind(data, offsets[first], id => offsets[id]));
    }

    [Fact]
    public void The_longest_chain_that_git_makes_is_read()
    {
        using var data = new MemoryPackData("pack");
        data.Append(new byte[PackHeader.Length]);
        var before = data.Length;
        Append(data, PackEntryHeader.ForObject(ObjectKind.Blob, 1), [65]);
        for (var n = 0; n < GitLimits.MaxDeltaChain; n++)
        {
            var here = data.Length;
            Append(data, PackEntryHeader.ForOffsetDelta(4, here - before), [1, 1, 0x90, 1]);
            before = here;
        }

        Assert.Equal<byte>([65], PackReader.Read(data, before).Bytes.ToArray());
        var last = data.Length;
        Append(data, PackEntryHeader.ForOffsetDelta(4, last - before), [1, 1, 0x90, 1]);
        Assert.Throws<GitDataException>(() => PackReader.Read(data, last));
    }

    [Fact]
    public void Bases_before_the_pack_or_absent_from_it_and_sizes_beyond_the_limit_are_refused()
    {
        using var data = new MemoryPackData("pack");
        data.Append(new byte[PackHeader.Length]);
        Append(data, PackEntryHeader.ForOffsetDelta(4, 5000), [1, 1, 0x90, 1]);
        Assert.Contains("before the pack", Refusal(data, 12), StringComparison.Ordinal);
        var second = data.Length;
        Append(data, PackEntryHeader.ForReferenceDelta(4, ObjectId.Zero), [1, 1, 0x90, 1]);
        Assert.Contains("not in this pack", Refusal(data, second), StringComparison.Ordinal);
        var third = data.Length;
        Append(data, PackEntryHeader.ForObject(ObjectKind.Blob, GitLimits.MaxObjectBytes + 1L), []);
        Assert.Contains("more than", Refusal(data, third), StringComparison.Ordinal);
        var fourth = data.Length;
        Append(data, PackEntryHeader.ForObject(ObjectKind.Blob, 1), [7]);
        var fifth = data.Length;
        Append(data, PackEntryHeader.ForOffsetDelta(6, fifth - fourth), [1, 0xff, 0xff, 0xff, 0xff, 0x7f]);
        Assert.Contains("beyond the limit", Refusal(data, fifth), StringComparison.Ordinal);
    }

    private static string Refusal(PackData data, long offset) => Assert.Throws<GitDataException>(() => PackReader.Read(data, offset)).Message;

    private static void ReadAllOrRefuse(MemoryPackData data, PackIndex index, Dictionary<ObjectId, RawObject> expected)
    {
        try
        {
            var pack = new PackFile(data, index);
            foreach (var (id, content) in expected)
            {
                Assert.True(pack.TryRead(id, out var actual));
                // A flip may lead to another valid entry (a wrong base of the same size); the id then tells.
                if (content.Kind == actual.Kind && content.Bytes.Span.SequenceEqual(actual.Bytes.Span)) continue;
                Assert.NotEqual(id, ObjectHasher.Hash(actual.Kind, actual.Bytes.Span));
            }
        }
        catch (GitDataException fault)
        {
            Assert.StartsWith("damaged.pack: ", fault.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertDamageIsSeen(byte[] bytes, int place)
    {
        try
        {
            using var index = PackIndex.Load(bytes, "damaged.idx");
            Assert.False(index.VerifyChecksum(TestContext.Current.CancellationToken), $"at {place}");
            for (var n = 0; n < index.Count; n++)
            {
                index.TryFind(index.IdAt(n), out _);
                index.OffsetAt(n);
            }
        }
        catch (GitDataException fault)
        {
            Assert.StartsWith("damaged.idx: ", fault.Message, StringComparison.Ordinal);
        }
    }

    private static MemoryPackData InMemory(byte[] bytes)
    {
        var data = new MemoryPackData("damaged.pack");
        data.Append(bytes);
        return data;
    }

    private static void Append(MemoryPackData data, PackEntryHeader header, byte[] plain)
    {
        var bytes = new byte[PackEntryHeader.MaxLength];
        data.Append(bytes.AsSpan(0, header.Write(bytes)));
        data.Append(Zlib.ZlibInflaterTests.Deflate(plain, 0));
    }

    private static PackIndexEntry Entry(byte first, long offset)
    {
        var id = new byte[ObjectId.Size];
        id[0] = first;
        return new PackIndexEntry(new ObjectId(id), offset, 0xdeadbeef);
    }
}
