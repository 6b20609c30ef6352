using System.IO.Compression;
using CsCheck;
using Pasteur.Git.Zlib;

namespace Pasteur.Tests.Zlib;

public sealed class ZlibDeflaterTests
{
    private static readonly Gen<byte[]> SomeBytes = Gen.OneOf(
        Gen.Byte.Array[0, 3000],
        Gen.Byte[97, 102].Array[0, 3000],
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[1, 400], (part, times) => Enumerable.Repeat(part, times).SelectMany(b => b).ToArray()),
        Gen.Select(Gen.Int, Gen.Int[0, ZlibDeflater.MaxInput], Skewed));

    [Fact]
    public void What_is_deflated_zlib_inflates() => SomeBytes.Sample(plain => Assert.Equal(plain, Inflate(Deflate(plain))), iter: 3000);

    [Fact]
    public void No_byte_more_than_the_target_holds_is_written() =>
        Gen.Select(SomeBytes, Gen.Int[0, 4]).Sample((plain, less) =>
        {
            var whole = Deflate(plain).Length;
            var target = new byte[Math.Max(0, whole - less) + 8];
            target.AsSpan().Fill(0xAA);
            Assert.Equal(less == 0 ? whole : 0, ZlibDeflater.Deflate(plain, target.AsSpan(0, Math.Max(0, whole - less))));
            Assert.All(target[^8..], b => Assert.Equal(0xAA, b));
        });

    [Theory]
    [InlineData(3), InlineData(4), InlineData(10), InlineData(11), InlineData(130), InlineData(257), InlineData(258), InlineData(259), InlineData(1000)]
    public void Runs_of_every_length_come_back(int length)
    {
        for (var distance = 1; distance < 40; distance++)
        {
            var plain = Enumerable.Range(0, distance + length).Select(n => (byte)(n % distance)).ToArray();
            Assert.Equal(plain, Inflate(Deflate(plain)));
        }
    }

    [Fact]
    public void Matches_reach_back_over_the_whole_input()
    {
        for (var distance = 1; distance <= ZlibDeflater.MaxInput - 8; distance += 37)
        {
            var plain = new byte[distance + 8];
            new Random(distance).NextBytes(plain);
            plain.AsSpan(0, Math.Min(8, distance)).CopyTo(plain.AsSpan(distance));
            Assert.Equal(plain, Inflate(Deflate(plain)));
        }
    }

    [Fact]
    public void Frequencies_that_ask_for_longer_codes_than_there_are_still_make_a_code()
    {
        // Fibonacci numbers make the deepest tree.
        var plain = new List<byte>();
        for (int symbol = 0, a = 1, b = 1; plain.Count + a < ZlibDeflater.MaxInput; symbol++, (a, b) = (b, a + b)) plain.AddRange(Enumerable.Repeat((byte)symbol, a));
        var shuffled = plain.ToArray();
        new Random(1).Shuffle(shuffled);
        Assert.Equal(shuffled, Inflate(Deflate(shuffled)));
    }

    [Fact]
    public void Text_gets_no_larger_than_zlib_at_its_fastest_makes_it()
    {
        var random = new Random(5);
        var words = Enumerable.Range(0, 300).Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => "etaoinshrdlu"[random.Next(12)])])).ToArray();
        var source = System.Text.Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 4000).Select(_ => words[(int)(Math.Pow(random.NextDouble(), 2) * words.Length)])));
        for (var length = 600; length < Math.Min(source.Length, ZlibDeflater.MaxInput); length += 700)
        {
            using var stream = new MemoryStream();
            using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(source, 0, length);
            Assert.InRange(Deflate(source[..length]).Length, 1, stream.Length);
        }
    }

    [Fact]
    public void What_is_too_large_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ZlibDeflater.Deflate(new byte[ZlibDeflater.MaxInput + 1], new byte[ZlibDeflater.MaxInput]));

    private static byte[] Deflate(byte[] plain)
    {
        var target = new byte[2 * plain.Length + 100];
        var length = ZlibDeflater.Deflate(plain, target);
        Assert.NotEqual(0, length);
        return target[..length];
    }

    private static byte[] Inflate(byte[] stream)
    {
        using var zlib = new ZLibStream(new MemoryStream(stream), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Skewed(int seed, int length)
    {
        var random = new Random(seed);
        var plain = new byte[length];
        for (var n = 0; n < length; n++) plain[n] = (byte)(Math.Pow(random.NextDouble(), 4) * 256);
        return plain;
    }
}
