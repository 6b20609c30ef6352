using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Packs;

public sealed class EntryBufferTests
{
    private static readonly Gen<byte[]> Content = Gen.OneOf(
        Gen.Byte.Array[0, 600],
        Gen.Int[0, 200_000].Select(size => Enumerable.Range(0, size).Select(n => (byte)(n / 300)).ToArray()),
        Gen.Select(Gen.Int[0, 140_000], Gen.Int).Select((size, seed) => Noise(size, seed)));

    [Fact]
    public void Every_entry_is_read_back_by_the_pack_reader() =>
        Gen.Select(Content, Gen.Bool).Array[1, 6].Sample(contents =>
        {
            var memory = new MemoryPackData("entries");
            memory.Append(new byte[Journal.HeaderLength]);
            var buffer = new EntryBuffer(64);
            var offsets = new List<long>();
            foreach (var (content, deflated) in contents)
            {
                offsets.Add(Journal.HeaderLength + buffer.Length);
                buffer.AppendWhole(ObjectKind.Blob, content, deflated ? Packing.Deflate : Packing.Store);
            }
            memory.Append(buffer.Written);
            foreach (var ((content, _), offset) in contents.Zip(offsets))
            {
                var read = PackReader.Read(memory, offset);
                Assert.Equal(ObjectKind.Blob, read.Kind);
                Assert.True(read.Bytes.Span.SequenceEqual(content));
            }
        }, iter: 60);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(65534)]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(131_070)]
    [InlineData(131_071)]
    public void What_does_not_shrink_is_stored_and_never_grows_by_more_than_its_blocks(int size)
    {
        var content = Noise(size, size);
        var buffer = new EntryBuffer();
        buffer.AppendWhole(ObjectKind.Blob, content, Packing.Deflate);
        var blocks = Math.Max(1, (size + 65534) / 65535);
        Assert.InRange(buffer.Length, size + 6, size + PackEntryHeader.MaxLength + 6 + 5 * blocks);
    }

    [Fact]
    public void Stock_git_indexes_a_pack_of_every_sort_of_entry()
    {
        using var stock = new StockRepository();
        var random = new Random(5);
        var buffer = new EntryBuffer();
        var wanted = new Dictionary<ObjectId, byte[]>();
        var trees = new List<(long Offset, byte[] Content)>();
        var count = 0u;
        var header = new byte[Journal.HeaderLength];

        void Note(ObjectKind kind, byte[] content)
        {
            count++;
            wanted.TryAdd(ObjectHasher.Hash(kind, content), content);
        }

        for (var n = 0; n < 300; n++)
        {
            var content = n % 3 == 0 ? Noise(random.Next(2000), n) : Encoding.UTF8.GetBytes(new string((char)('a' + n % 26), random.Next(100_000)) + n);
            buffer.AppendWhole(ObjectKind.Blob, content, n % 2 == 0 ? Packing.Deflate : Packing.Store);
            Note(ObjectKind.Blob, content);

            var blob = ObjectHasher.Hash(ObjectKind.Blob, content);
            var before = trees.Count == 0 ? [] : trees[^1].Content;
            var tree = Pasteur.Git.Commits.TreeContent.Put(before, Encoding.ASCII.GetBytes($"f{n * 7919 % 1000:000}"), TreeMode.File, blob);
            var offset = Journal.HeaderLength + buffer.Length;
            if (n % 40 != 0 && TreeDelta.Create(before, tree) is { } delta) buffer.AppendOffsetDelta(offset - trees[^1].Offset, delta);
            else buffer.AppendWhole(ObjectKind.Tree, tree, Packing.Store);
            trees.Add((offset, tree));
            Note(ObjectKind.Tree, tree);
        }

        Journal.WriteHeader(header, count);
        byte[] pack = [.. header, .. buffer.Written];
        StockGit.RunWithInput(stock.Path, (byte[])[.. pack, .. SHA1.HashData(pack)], "index-pack", "--stdin", "--strict");
        var stored = stock.ReadAllObjects();
        foreach (var (id, content) in wanted) Assert.True(stored[id].Bytes.Span.SequenceEqual(content));
    }

    private static byte[] Noise(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
