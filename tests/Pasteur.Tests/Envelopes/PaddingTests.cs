using Pasteur.Envelopes;

namespace Pasteur.Tests.Envelopes;

public sealed class PaddingTests
{
    /// <summary>Worked out by hand from the formula.</summary>
    [Theory]
    [InlineData(0, 256)]
    [InlineData(256, 256)]
    [InlineData(257, 272)] // E = 8, S = 4: multiples of 16
    [InlineData(272, 272)]
    [InlineData(511, 512)]
    [InlineData(512, 512)]
    [InlineData(513, 544)] // E = 9, S = 4: of 32
    [InlineData(65_537, 67_584)] // E = 16, S = 5: of 2,048
    [InlineData(1_048_577, 1_081_344)] // E = 20, S = 5: of 32,768
    public void Lengths_are_those_of_Padmé(int length, int padded) => Assert.Equal(padded, Padding.PaddedLength(length));

    [Fact]
    public void Padding_is_never_more_than_an_eighth_beyond_256_bytes() =>
        Assert.All(Enumerable.Range(256, 100_000), length => Assert.InRange(Padding.PaddedLength(length), length, length + (length / 8)));

    [Fact]
    public void Padded_bytes_are_zeros() => Assert.Equal([0, 0, 0, 3, 1, 2, 3, .. new byte[249]], Padding.Pad([1, 2, 3]));
}
