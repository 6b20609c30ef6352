using CsCheck;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Objects;

public sealed class ObjectHasherTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(1_000_000)]
    public void Ids_are_those_of_hash_object(int size)
    {
        using var folder = new TemporaryFolder();
        var content = new byte[size];
        new Random(size).NextBytes(content);
        var expected = System.Text.Encoding.ASCII.GetString(StockGit.RunWithInput(folder.Path, content, "hash-object", "--stdin")).Trim();
        Assert.Equal(expected, ObjectHasher.Hash(ObjectKind.Blob, content).ToString());
    }

    [Fact]
    public void The_empty_tree_has_its_known_id() =>
        Assert.Equal("4b825dc642cb6eb9a060e54bf8d69288fbee4904", ObjectHasher.Hash(ObjectKind.Tree, []).ToString());

    [Fact]
    public void Ids_are_ordered_as_their_bytes_and_their_digits_are() =>
        Gen.Select(Gen.Byte[0, 3].Array[20], Gen.Byte[0, 3].Array[20]).Sample((a, b) =>
        {
            var (left, right) = (new ObjectId(a), new ObjectId(b));
            Assert.Equal(Math.Sign(a.AsSpan().SequenceCompareTo(b)), Math.Sign(left.CompareTo(right)));
            Assert.Equal(Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString())), Math.Sign(left.CompareTo(right)));
        });
}
