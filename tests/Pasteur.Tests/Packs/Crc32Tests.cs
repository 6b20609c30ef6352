using System.Text;
using CsCheck;
using Pasteur.Git.Packs;

namespace Pasteur.Tests.Packs;

public sealed class Crc32Tests
{
    [Fact]
    public void Check_value_of_the_catalogues_comes_out() => Assert.Equal(0xcbf43926u, Crc32.Compute(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Every_length_and_every_split_gives_what_the_definition_gives() =>
        Gen.Byte.Array[0, 700].SelectMany(data => Gen.Int[0, data.Length].Select(at => (data, at))).Sample((data, at) =>
            Crc32.Update(Crc32.Compute(data.AsSpan(0, at)), data.AsSpan(at)) == ByDefinition(data));

    // ISO 3309: the remainder bit by bit.
    private static uint ByDefinition(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xedb88320 ^ crc >> 1 : crc >> 1;
        }
        return ~crc;
    }
}
