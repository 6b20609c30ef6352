using System.Text;
using Pasteur.Git.Packs;

namespace Pasteur.Tests.Packs;

public sealed class DeltaDecoderTests
{
    [Theory]
    [InlineData("hello world", "0b05 9005", "hello")] // copy without an offset
    [InlineData("hello world", "0b05 910605", "world")] // copy with one
    [InlineData("hello world", "0b08 910605 03212121", "world!!!")] // copy, insert
    [InlineData("", "0003 03616263", "abc")]
    [InlineData("x", "0100", "")]
    public void A_delta_makes_its_object(string source, string hex, string expected)
    {
        var result = new byte[expected.Length];
        Assert.True(DeltaDecoder.TryApply(Encoding.ASCII.GetBytes(source), Hex(hex), result, out var fault), fault);
        Assert.Equal(expected, Encoding.ASCII.GetString(result));
    }

    [Fact]
    public void Size_zero_of_a_copy_means_65536()
    {
        var source = new byte[0x10000 + 7];
        Random.Shared.NextBytes(source);
        var result = new byte[0x10000];
        Assert.True(DeltaDecoder.TryApply(source, Hex("878004 808004 8107"), result, out var fault), fault);
        Assert.Equal(source[7..], result);
    }

    [Theory]
    [InlineData("", "ends in its header")]
    [InlineData("0b", "ends in its header")]
    [InlineData("ffffffffffffffffff01 05 9005", "ends in its header")] // a size without an end
    [InlineData("0c05 9005", "base of 12")]
    [InlineData("0b06 9005", "makes 6 bytes, not 5")]
    [InlineData("0b05 9004", "makes 4 bytes, not 5")]
    [InlineData("0b05", "makes 0 bytes, not 5")]
    [InlineData("0b05 90", "middle of an instruction")]
    [InlineData("0b05 9106", "middle of an instruction")]
    [InlineData("0b05 910705", "outside")] // beyond the base
    [InlineData("0b05 9fffffffff05", "outside")] // far beyond
    [InlineData("0b05 9006", "outside")] // beyond the result
    [InlineData("0b05 8100", "outside")] // size zero: 65536
    [InlineData("0b05 00", "reserved")]
    [InlineData("0b05 05616263", "inserts more")] // more than there is
    [InlineData("0b05 06616263646566", "inserts more")] // more than fits
    public void A_delta_that_lies_is_refused(string hex, string expected)
    {
        Assert.False(DeltaDecoder.TryApply("hello world"u8, Hex(hex), new byte[5], out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    internal static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
