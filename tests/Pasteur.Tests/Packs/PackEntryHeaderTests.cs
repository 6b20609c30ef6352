using CsCheck;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Tests.Packs;

public sealed class PackEntryHeaderTests
{
    private static readonly Gen<long> AnySize = Gen.OneOf(Gen.Long[0, 300], Gen.Long[0, long.MaxValue]);
    private static readonly Gen<ObjectId> AnyId = Gen.Byte.Array[ObjectId.Size].Select(bytes => new ObjectId(bytes));
    private static readonly Gen<PackEntryHeader> AnyHeader = Gen.OneOf(
        Gen.Select(Gen.Int[1, 4], AnySize, (kind, size) => PackEntryHeader.ForObject((ObjectKind)kind, size)),
        Gen.Select(AnySize, Gen.OneOf(Gen.Long[1, 20_000], Gen.Long[1, long.MaxValue >> 8]), PackEntryHeader.ForOffsetDelta),
        Gen.Select(AnySize, AnyId, PackEntryHeader.ForReferenceDelta));

    [Fact]
    public void A_header_reads_back_as_it_was_written() =>
        AnyHeader.Sample(header =>
        {
            var bytes = new byte[PackEntryHeader.MaxLength];
            Assert.Equal(header.Length, header.Write(bytes));
            Assert.Equal(ParseStatus.Complete, PackEntryHeader.Read(bytes.AsSpan(0, header.Length), out var back));
            Assert.Equal(header, back);
        });

    [Fact]
    public void Every_beginning_of_a_header_is_incomplete() =>
        AnyHeader.Sample(header =>
        {
            var bytes = new byte[PackEntryHeader.MaxLength];
            header.Write(bytes);
            for (var length = 0; length < header.Length; length++)
                Assert.Equal(ParseStatus.Incomplete, PackEntryHeader.Read(bytes.AsSpan(0, length), out _));
        });

    [Theory]
    [InlineData("00")] // type 0
    [InlineData("5f")] // type 5
    [InlineData("8001")] // type 0, with a longer size
    [InlineData("6100")] // a base that is the entry itself
    [InlineData("bfffffffffffffffffff7f")] // a size beyond 63 bits
    [InlineData("bfffffffffffffffff08")] // just beyond
    [InlineData("60ffffffffffffffffffff7f")] // a distance beyond 63 bits
    public void What_cannot_be_a_header_is_malformed(string hex) =>
        Assert.Equal(ParseStatus.Malformed, PackEntryHeader.Read(Convert.FromHexString(hex), out _));

    [Fact]
    public void Garbage_never_throws() => Gen.Byte.Array[0, 40].Sample(bytes => PackEntryHeader.Read(bytes, out _) <= ParseStatus.Malformed);

    [Theory]
    [InlineData("3c", 3, 12, 0)]
    [InlineData("b67f", 3, 0x7f6, 0)]
    [InlineData("628000", 6, 2, 128)]
    [InlineData("62ff7f", 6, 2, 16511)]
    public void Bytes_mean_what_gitformat_pack_says(string hex, int type, long size, long distance)
    {
        Assert.Equal(ParseStatus.Complete, PackEntryHeader.Read(Convert.FromHexString(hex), out var header));
        Assert.Equal(((PackEntryType)type, size, distance, hex.Length / 2), (header.Type, header.Size, header.BaseDistance, header.Length));
    }
}
