using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Packs;

public sealed class PackIndexerTests
{
    private static readonly byte[] Base = Encoding.ASCII.GetBytes("the quick brown fox jumps over the lazy dog");
    private static readonly ObjectId BaseId = ObjectHasher.Hash(ObjectKind.Blob, Base);

    [Theory]
    [InlineData("--delta-base-offset", "--depth=250", "--window=50")]
    [InlineData("--depth=250", "--window=50")]
    [InlineData("--window=0")]
    [InlineData("--delta-base-offset", "--compression=0")]
    public async Task A_pack_of_stock_git_gets_the_index_that_stock_git_gives_it(params string[] packing)
    {
        using var source = new StockRepository();
        source.FillWithHistory(200);
        var pack = source.GitBytes("main\nv1\n"u8.ToArray(), ["pack-objects", "--stdout", "--revs", "-q", .. packing]);
        using var receiver = new StockRepository();
        using var stored = await IndexOnDisk(receiver, pack);

        Assert.Equal(pack, File.ReadAllBytes(stored!.Name));
        Assert.Equal(Encoding.ASCII.GetString(PackInstaller.KeepMark), File.ReadAllText(Path.ChangeExtension(stored.Name, ".keep")));
        receiver.Git("index-pack", "-o", Path.Combine(receiver.Path, "stock.idx"), stored.Name);
        Assert.Equal(File.ReadAllBytes(Path.Combine(receiver.Path, "stock.idx")), File.ReadAllBytes(stored.Index.Name));
        receiver.Git("verify-pack", stored.Name);
        receiver.Git("update-ref", "refs/heads/main", source.Git("rev-parse", "main"));
        receiver.Git("fsck", "--strict", "--full");
        Assert.Equal(3, Directory.GetFiles(receiver.PackFolder).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task A_pack_may_arrive_in_pieces_of_any_size_and_bases_may_be_dropped_from_the_cache(int piece)
    {
        using var source = new StockRepository();
        source.FillWithHistory(60);
        var pack = source.GitBytes("main\n"u8.ToArray(), "pack-objects", "--stdout", "--revs", "-q", "--depth=50");
        using var target = new MemoryPackTarget();
        using var stored = await new PackIndexer(target, Options() with { BaseCacheBytes = 5000 }).IndexAsync(new Pieces(pack, piece), TestContext.Current.CancellationToken);
        AssertHolds(stored!, source.ReadAllObjects(), except: ObjectKind.Tag);
    }

    [Fact]
    public async Task A_thin_pack_is_completed_with_the_bases_that_it_takes_for_granted()
    {
        using var source = new StockRepository();
        source.FillWithHistory(100);
        using var receiver = new StockRepository();
        source.Git("branch", "known", "main~20");
        receiver.Git("fetch", "-q", source.Path, "known:refs/heads/main");
        var pack = source.GitBytes("main\n^main~20\n"u8.ToArray(), "pack-objects", "--stdout", "--revs", "--thin", "--delta-base-offset", "-q");
        var known = receiver.ReadAllObjects();
        using var stored = await IndexOnDisk(receiver, pack, id => known.TryGetValue(id, out var content) ? content : null);

        Assert.True(stored!.Count > BitConverter.ToInt32([.. pack.AsSpan(8, 4).ToArray().Reverse()]), "The pack was not thin.");
        receiver.Git("verify-pack", stored.Name);
        receiver.Git("update-ref", "refs/heads/main", source.Git("rev-parse", "main"));
        receiver.Git("fsck", "--strict", "--full");
        receiver.Git("index-pack", "--strict", "-o", Path.Combine(receiver.Path, "stock.idx"), stored.Name);
        Assert.Equal(File.ReadAllBytes(Path.Combine(receiver.Path, "stock.idx")), File.ReadAllBytes(stored.Index.Name));
    }

    [Fact]
    public async Task A_pack_without_objects_leaves_nothing()
    {
        using var receiver = new StockRepository();
        Assert.Null(await IndexOnDisk(receiver, new PackBuilder().Build()));
        Assert.Empty(Directory.GetFiles(receiver.PackFolder));
    }

    [Fact]
    public async Task A_reference_delta_may_come_before_its_base_and_end_a_chain_of_both_kinds()
    {
        var pack = new PackBuilder();
        var middle = ObjectHasher.Hash(ObjectKind.Blob, "middle"u8);
        var end = pack.AddReferenceDelta(middle, PackBuilder.Insert(6, [1, 2, 3]));
        pack.AddOffsetDelta(end, PackBuilder.Insert(3, [4]));
        pack.AddReferenceDelta(BaseId, PackBuilder.Insert(Base.Length, [.. "middle"u8]));
        pack.Add(ObjectKind.Blob, Base);
        using var target = new MemoryPackTarget();
        using var stored = await new PackIndexer(target, Options()).IndexAsync(new MemoryStream(pack.Build()), TestContext.Current.CancellationToken);
        Assert.Equal(4, stored!.Count);
        Assert.True(stored.TryRead(ObjectHasher.Hash(ObjectKind.Blob, [4]), out var content));
        Assert.Equal<byte>([4], content.Bytes.ToArray());
    }

    [Fact]
    public async Task Bytes_after_the_trailer_are_not_the_packs()
    {
        var pack = new PackBuilder();
        pack.Add(ObjectKind.Blob, Base);
        using var target = new MemoryPackTarget();
        var bytes = pack.Build();
        using var stored = await new PackIndexer(target, Options()).IndexAsync(new MemoryStream([.. bytes, 1, 2, 3]), TestContext.Current.CancellationToken);
        Assert.Equal(bytes.Length, stored!.Data.Length);
    }

    public static TheoryData<string, byte[]> HostilePacks()
    {
        var good = new PackBuilder();
        good.Add(ObjectKind.Blob, Base);
        var bytes = good.Build();
        return new TheoryData<string, byte[]>
        {
            { "ends after 0 bytes", [] },
            { "does not begin as a pack", new byte[64] },
            { "does not begin as a pack", Changed(bytes, 7, 4) }, // version
            { "its checksum is wrong", Changed(bytes, bytes.Length - 1, 1) },
            { "its checksum is wrong", new PackBuilder().Build() is var empty ? Changed(empty, 20, 1) : [] },
            { "more than the", good.Build(count: uint.MaxValue) },
            { "no entry begins at", good.Build(count: 2) == null ? [] : With(pack => pack.AddRaw(PackEntryHeader.ForObject(ObjectKind.Blob, 0), [0x78, 1, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 1, 0x00]), count: 2) },
            { "declares", With(pack => pack.Add(PackEntryHeader.ForObject(ObjectKind.Blob, 1L << 40), Base)) },
            { "more bytes than declared", With(pack => pack.Add(PackEntryHeader.ForObject(ObjectKind.Blob, 3), Base)) },
            { "holds 43 bytes", With(pack => pack.Add(PackEntryHeader.ForObject(ObjectKind.Blob, 99), Base)) },
            { "not an entry before it", With(pack => pack.Add(PackEntryHeader.ForOffsetDelta(3, 1_000_000), [1, 2, 3])) },
            { "not an entry before it", With(pack => pack.AddOffsetDelta(pack.Add(ObjectKind.Blob, Base) + 1, PackBuilder.Insert(Base.Length, [1]))) },
            { "neither in it nor in this repository", With(pack => pack.AddReferenceDelta(BaseId, PackBuilder.Insert(Base.Length, [1]))) },
            { "neither in it nor in this repository", Circle() },
            { "base of 1 bytes", With(pack => pack.AddOffsetDelta(pack.Add(ObjectKind.Blob, Base), PackBuilder.Insert(1, [1]))) },
            { "reserved", With(pack => pack.AddOffsetDelta(pack.Add(ObjectKind.Blob, Base), [(byte)Base.Length, 1, 0])) },
            { "declares no size", With(pack => pack.AddOffsetDelta(pack.Add(ObjectKind.Blob, Base), [(byte)Base.Length, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])) },
            { "twice", With(pack => { pack.Add(ObjectKind.Blob, Base); pack.Add(ObjectKind.Blob, Base); }) },
            { "chain of more than", LongChain() },
        };
    }

    [Theory]
    [MemberData(nameof(HostilePacks))]
    public async Task A_hostile_pack_is_refused_and_nothing_of_it_is_kept(string expected, byte[] pack)
    {
        using var receiver = new StockRepository();
        var fault = await Assert.ThrowsAsync<GitDataException>(() => IndexOnDisk(receiver, pack));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of it was kept", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(receiver.PackFolder));
    }

    [Fact]
    public async Task A_delta_bomb_is_defused()
    {
        // Each of a thousand tiny deltas would make 126 MB.
        const int MiB = 1 << 20;
        var pack = new PackBuilder();
        var offset = pack.Add(ObjectKind.Blob, new byte[MiB]);
        offset = pack.AddOffsetDelta(offset, PackBuilder.Copies(MiB, MiB, 14));
        for (var n = 0; n < 1000; n++) pack.AddOffsetDelta(offset, PackBuilder.Copies(14 * MiB, 14 * MiB, 9));
        using var target = new MemoryPackTarget();
        var indexing = new PackIndexer(target, Options() with { MaxExpandedBytes = 200 * MiB }).IndexAsync(new MemoryStream(pack.Build()), TestContext.Current.CancellationToken);
        Assert.Contains("its deltas make more than", (await Assert.ThrowsAsync<GitDataException>(() => indexing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_truncation_and_every_flipped_bit_of_a_pack_is_refused()
    {
        var builder = new PackBuilder();
        var offset = builder.Add(ObjectKind.Blob, Base);
        builder.AddOffsetDelta(offset, PackBuilder.Insert(Base.Length, [1, 2, 3]));
        builder.AddReferenceDelta(BaseId, PackBuilder.Insert(Base.Length, [4, 5]));
        var pack = builder.Build();
        for (var length = 0; length < pack.Length; length++) await Refused(pack[..length]);
        for (var bit = 0; bit < pack.Length * 8; bit++) await Refused(Changed(pack, bit / 8, 1 << (bit % 8)));
    }

    [Fact]
    public async Task A_sender_that_stalls_is_left_when_the_caller_gives_up()
    {
        using var receiver = new StockRepository();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var target = new FilePackTarget(receiver.PackFolder);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new PackIndexer(target, Options()).IndexAsync(new Pieces([1, 2, 3], 1) { Stalls = true }, patience.Token));
        target.Dispose();
        Assert.Empty(Directory.GetFiles(receiver.PackFolder));
    }

    [Fact]
    public async Task Wherever_the_program_dies_the_repository_stays_clean()
    {
        using var source = new StockRepository();
        source.FillWithHistory(20);
        var pack = source.GitBytes("main\n"u8.ToArray(), "pack-objects", "--stdout", "--revs", "-q");
        foreach (var step in (string[])["synced", "keep", "pack", "idx", "visible"])
        {
            using var receiver = new StockRepository();
            var reached = false;
            var target = new FilePackTarget(receiver.PackFolder);
            await Assert.ThrowsAsync<OperationCanceledException>(() => new PackIndexer(target, Options() with { Reached = name => Die(name == step) }).IndexAsync(new MemoryStream(pack), TestContext.Current.CancellationToken));
            Assert.True(reached, step);
            // Not disposed: a dead program tidies up nothing.
            receiver.Git("fsck", "--strict", "--full");
            FilePackTarget.RemoveLeftovers(receiver.PackFolder);
            using var stored = await IndexOnDisk(receiver, pack);
            receiver.Git("update-ref", "refs/heads/main", source.Git("rev-parse", "main"));
            receiver.Git("fsck", "--strict", "--full");
            Assert.Equal(3, Directory.GetFiles(receiver.PackFolder).Length);
            target.Dispose();

            void Die(bool now)
            {
                if (!now) return;
                reached = true;
                throw new OperationCanceledException(step);
            }
        }
    }

    private static async Task Refused(byte[] pack)
    {
        using var target = new MemoryPackTarget();
        await Assert.ThrowsAsync<GitDataException>(() => new PackIndexer(target, Options()).IndexAsync(new MemoryStream(pack), TestContext.Current.CancellationToken));
    }

    private static async Task<PackFile?> IndexOnDisk(StockRepository receiver, byte[] pack, Func<ObjectId, RawObject?>? findBase = null)
    {
        using var target = new FilePackTarget(receiver.PackFolder);
        return await new PackIndexer(target, Options() with { FindBase = findBase ?? (_ => null) }).IndexAsync(new MemoryStream(pack), TestContext.Current.CancellationToken);
    }

    private static PackIndexerOptions Options() => new() { FindBase = _ => null };

    private static void AssertHolds(PackFile pack, Dictionary<ObjectId, RawObject> objects, ObjectKind except)
    {
        foreach (var (id, content) in objects)
        {
            if (content.Kind == except) continue;
            Assert.True(pack.TryRead(id, out var actual), id.ToString());
            Assert.Equal(content.Bytes.ToArray(), actual.Bytes.ToArray());
        }
    }

    private static byte[] With(Action<PackBuilder> fill, uint? count = null)
    {
        var pack = new PackBuilder();
        fill(pack);
        return pack.Build(count);
    }

    private static byte[] Circle() => With(pack =>
    {
        var (first, second) = (ObjectHasher.Hash(ObjectKind.Blob, [1]), ObjectHasher.Hash(ObjectKind.Blob, [2]));
        pack.AddReferenceDelta(first, PackBuilder.Insert(1, [2]));
        pack.AddReferenceDelta(second, PackBuilder.Insert(1, [1]));
    });

    private static byte[] LongChain() => With(pack =>
    {
        var offset = pack.Add(ObjectKind.Blob, Base);
        var size = Base.Length;
        for (var n = 0; n <= GitLimits.MaxDeltaChain; n++)
        {
            offset = pack.AddOffsetDelta(offset, PackBuilder.Insert(size, BitConverter.GetBytes(n)));
            size = 4;
        }
    });

    private static byte[] Changed(byte[] bytes, int position, int mask)
    {
        byte[] changed = [.. bytes];
        changed[position] ^= (byte)mask;
        return changed;
    }

    /// <summary>A stream that gives a few bytes at a time, and may then say nothing more.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public bool Stalls { get; init; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Stalls && Position == Length) await Task.Delay(Timeout.Infinite, cancellationToken);
            return Read(buffer.Span[..Math.Min(buffer.Length, piece)]);
        }
    }
}
