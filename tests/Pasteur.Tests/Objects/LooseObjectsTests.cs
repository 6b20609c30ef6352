using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;
using Pasteur.Tests.Zlib;

namespace Pasteur.Tests.Objects;

public sealed class LooseObjectsTests
{
    [Fact]
    public void Loose_objects_read_as_stock_git_reads_them()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(3);
        repository.Store(ObjectKind.Blob, new byte[1_000_000]);
        repository.Git("-c", "core.looseCompression=0", "hash-object", "-w", Path.Combine(repository.Path, "config"));
        var expected = repository.ReadAllObjects();
        var loose = Open(repository);
        Assert.Equal(expected.Keys.Order(), loose.List().Order());
        foreach (var (id, content) in expected)
        {
            Assert.True(loose.TryRead(id, out var actual));
            Assert.Equal(content.Kind, actual.Kind);
            Assert.Equal(content.Bytes.ToArray(), actual.Bytes.ToArray());
        }

        Assert.False(loose.TryRead(ObjectId.Zero, out _));
        Assert.False(loose.Contains(ObjectId.Zero));
    }

    [Theory]
    [InlineData("blob 3\0abcd")] // longer than declared
    [InlineData("blob 5\0abcd")] // shorter
    [InlineData("blob 4abcd")]
    [InlineData("blob\0abcd")]
    [InlineData("blub 4\0abcd")]
    [InlineData("blob -1\0abcd")]
    [InlineData("blob 99999999999999999999\0abcd")]
    [InlineData("blob 2000000000\0abcd")] // beyond the limit
    [InlineData("blob 4 with a very long header, longer than any\0abcd")]
    [InlineData("")]
    public void A_loose_object_that_lies_is_refused_naming_its_file(string content)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(Write(folder, ZlibInflaterTests.Deflate(Encoding.Latin1.GetBytes(content), 6)), Refusal(folder).Place);
    }

    [Fact]
    public void Every_truncation_and_every_flipped_bit_of_a_loose_object_is_refused_or_changes_its_id()
    {
        using var folder = new TemporaryFolder();
        var plain = Encoding.ASCII.GetBytes("blob 44\0the quick brown fox jumps over the lazy dogs");
        var packed = ZlibInflaterTests.Deflate(plain, 6);
        for (var length = 0; length < packed.Length; length++) Check(packed[..length]);
        for (var bit = 0; bit < packed.Length * 8; bit++)
        {
            byte[] changed = [.. packed];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Check(changed);
        }

        void Check(byte[] bytes)
        {
            Write(folder, bytes);
            try
            {
                new LooseObjects(folder.Path).TryRead(ObjectId.EmptyTree, out var read);
                // Padding in the stream, and a checksum that was cut off, do not change what is read; the id would tell.
                Assert.Equal(plain[8..], read.Bytes.ToArray());
            }
            catch (GitDataException fault)
            {
                Assert.StartsWith(folder.Path, fault.Place, StringComparison.Ordinal);
            }
        }
    }

    private static LooseObjects Open(StockRepository repository) => new(Path.Combine(repository.Path, "objects"));

    private static string Write(TemporaryFolder folder, byte[] bytes)
    {
        var path = new LooseObjects(folder.Path).PathOf(ObjectId.EmptyTree);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static GitDataException Refusal(TemporaryFolder folder) =>
        Assert.Throws<GitDataException>(() => new LooseObjects(folder.Path).TryRead(ObjectId.EmptyTree, out _));
}
