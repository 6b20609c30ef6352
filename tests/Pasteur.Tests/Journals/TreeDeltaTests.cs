using CsCheck;
using Pasteur.Git.Journals;
using Pasteur.Git.Packs;

namespace Pasteur.Tests.Journals;

public sealed class TreeDeltaTests
{
    // Versions as edits make them: a stretch replaced, added or removed; few different bytes, so that ends often agree by chance.
    private static readonly Gen<(byte[] Source, byte[] Result)> Versions =
        from source in Gen.Byte[0, 3].Array[0, 2000]
        from at in Gen.Int[0, source.Length]
        from removed in Gen.Int[0, source.Length - at]
        from added in Gen.Byte[0, 3].Array[0, 300]
        select (source, (byte[])[.. source[..at], .. added, .. source[(at + removed)..]]);

    [Fact]
    public void Every_delta_makes_the_new_version_and_is_shorter_than_half_of_it() =>
        Versions.Sample(version =>
        {
            var delta = TreeDelta.Create(version.Source, version.Result);
            if (delta is null) return;
            Assert.True(delta.Length <= version.Result.Length / 2, $"{delta.Length} bytes for {version.Result.Length}");
            var result = new byte[version.Result.Length];
            Assert.True(DeltaDecoder.TryApply(version.Source, delta, result, out var fault), fault);
            Assert.Equal(version.Result, result);
        });

    [Fact]
    public void Any_two_versions_fit_the_declared_bound()
    {
        Gen.Select(Gen.Byte.Array[0, 5000], Gen.Byte.Array[0, 5000]).Sample((source, result) =>
        {
            var target = new byte[TreeDelta.MaxLength(result.Length)];
            var length = TreeDelta.Write(source, result, target);
            if (length < 0) return;
            var made = new byte[result.Length];
            Assert.True(DeltaDecoder.TryApply(source, target.AsSpan(0, length), made, out var fault), fault);
            Assert.Equal(result, made);
        });
    }

    [Theory]
    [InlineData(0xFFFF)]
    [InlineData(0x10000)]
    [InlineData(0x10001)]
    [InlineData(0x20000)]
    [InlineData(3_500_000)]
    public void Copies_longer_than_one_instruction_are_split(int size)
    {
        var source = new byte[size];
        new Random(1).NextBytes(source);
        byte[] result = [.. source[..(size / 2)], 1, 2, 3, .. source[(size / 2)..]];
        var delta = TreeDelta.Create(source, result);
        Assert.NotNull(delta);
        var made = new byte[result.Length];
        Assert.True(DeltaDecoder.TryApply(source, delta, made, out var fault), fault);
        Assert.Equal(result, made);
    }

    [Fact]
    public void The_new_version_of_a_folder_of_thirty_costs_less_than_a_hundred_bytes()
    {
        var before = Entries(30);
        var after = before.ToArray();
        after.AsSpan(500, 20).Fill(7);
        Assert.InRange(TreeDelta.Create(before, after)!.Length, 20, 100);
    }

    [Fact]
    public void Golden_bytes_of_a_changed_id()
    {
        var source = Enumerable.Range(0, 200).Select(n => (byte)n).ToArray();
        var result = source.ToArray();
        result[100] = 0xEE;
        // Sizes 200 and 200; copy 100 from 0; insert one byte; copy 99 from 101.
        Assert.Equal([0xC8, 0x01, 0xC8, 0x01, 0x90, 100, 1, 0xEE, 0x91, 101, 99], TreeDelta.Create(source, result)!);
    }

    private static byte[] Entries(int count) =>
        [.. Enumerable.Range(0, count).SelectMany(n => (byte[])[.. "40000 "u8, (byte)('a' + n), 0, .. Enumerable.Repeat((byte)n, 20)])];
}
