using System.IO.Compression;
using CsCheck;
using Pasteur.Git;
using Pasteur.Git.Zlib;

namespace Pasteur.Tests.Zlib;

public sealed class ZlibInflaterTests
{
    private static readonly Gen<byte[]> SomeBytes = Gen.OneOf(
        Gen.Byte.Array[0, 2000],
        Gen.Byte[97, 102].Array[0, 3000],
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[1, 400], (part, times) => Repeat(part, times)),
        Gen.Select(Gen.Int, Gen.Int[0, 200_000], Gen.Int[1, 255], Skewed));

    [Fact]
    public void Streams_of_every_level_inflate_to_what_was_deflated() =>
        Gen.Select(SomeBytes, Gen.Int[0, 9]).Sample((plain, level) =>
        {
            var stream = Deflate(plain, level);
            Assert.Equal(plain, InflateInPieces([.. stream, 1, 2, 3, 4, 5, 6, 7, 8, 9], plain.Length, int.MaxValue, out var consumed));
            Assert.Equal(stream.Length, consumed);
        });

    [Fact]
    public void Input_may_come_in_pieces_of_any_size() =>
        Gen.Select(SomeBytes.Where(bytes => bytes.Length < 20_000), Gen.Int[0, 9], Gen.Int[1, 9]).Sample((plain, level, piece) =>
        {
            var stream = Deflate(plain, level);
            Assert.Equal(plain, InflateInPieces([.. stream, 0xff, 0xff], plain.Length, piece, out var consumed));
            Assert.Equal(stream.Length, consumed);
        });

    [Fact]
    public void Strategies_of_zlib_inflate_too()
    {
        var plain = Skewed(7, 100_000, 40);
        foreach (var strategy in Enum.GetValues<ZLibCompressionStrategy>())
        {
            using var target = new MemoryStream();
            using (var deflate = new ZLibStream(target, new ZLibCompressionOptions { CompressionLevel = 6, CompressionStrategy = strategy }, leaveOpen: true)) deflate.Write(plain);
            Assert.Equal(plain, InflateInPieces(target.ToArray(), plain.Length, int.MaxValue, out _));
        }
    }

    [Fact]
    public void Every_truncation_is_incomplete_and_no_more()
    {
        foreach (var level in (int[])[0, 1, 6])
        {
            var plain = Skewed(3, 600, 20);
            var stream = Deflate(plain, level);
            for (var length = 0; length < stream.Length; length++)
            {
                var inflater = new ZlibInflater();
                inflater.Reset();
                Assert.Equal(ParseStatus.Incomplete, inflater.Inflate(stream.AsSpan(0, length), new byte[plain.Length]));
            }
        }
    }

    [Fact]
    public void A_flipped_bit_is_judged_as_zlib_judges_it()
    {
        foreach (var level in (int[])[0, 1, 6])
        {
            var plain = Skewed(5, 300, 20);
            var stream = Deflate(plain, level);
            var harmless = 0;
            for (var bit = 0; bit < stream.Length * 8; bit++)
            {
                stream[bit / 8] ^= (byte)(1 << (bit % 8));
                var inflater = new ZlibInflater();
                inflater.Reset();
                var output = new byte[plain.Length];
                var status = inflater.Inflate(stream, output);
                // What zlib lets pass (padding; a change that Adler-32 does not see) it must read as we do.
                if (status == ParseStatus.Complete) Assert.Equal(OracleInflate(stream), output);
                else if (status == ParseStatus.Malformed) Assert.NotEqual(plain.Length, OracleInflate(stream)?.Length); // ZLibStream takes a stream without an end for whole
                harmless += status == ParseStatus.Complete ? 1 : 0;
                stream[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            Assert.InRange(harmless, 0, 10);
        }
    }

    [Fact]
    public void Garbage_is_judged_as_zlib_judges_it() =>
        Gen.Select(Gen.Byte.Array[1, 120], Gen.Int[0, 2]).Sample((tail, start) =>
        {
            // A valid header, then a block type of our choice, so that the deeper code is reached.
            byte[] stream = [0x78, 0x01, (byte)((tail[0] & ~7) | 1 | (start << 1)), .. tail.AsSpan(1)];
            var expected = OracleInflate(stream);
            var inflater = new ZlibInflater();
            inflater.Reset();
            var output = new byte[expected?.Length ?? 4096];
            var status = inflater.Inflate(stream, output);
            if (expected == null) Assert.NotEqual(ParseStatus.Complete, status);
        });

    [Theory]
    [InlineData("", ParseStatus.Incomplete)]
    [InlineData("78", ParseStatus.Incomplete)]
    [InlineData("7800", ParseStatus.Malformed)] // the header's check bits
    [InlineData("7720", ParseStatus.Malformed)] // a method that is not 8
    [InlineData("8819", ParseStatus.Malformed)] // a window above 32 KiB
    [InlineData("78bb", ParseStatus.Malformed)] // a preset dictionary
    [InlineData("780107", ParseStatus.Malformed)] // block type 3
    [InlineData("7801010000ffff00000001", ParseStatus.Complete)] // an empty stored block
    [InlineData("7801010000fffe00000001", ParseStatus.Malformed)] // the length's complement
    [InlineData("7801010000ffff00000002", ParseStatus.Malformed)] // the checksum
    [InlineData("78010101 00feff61 00620062", ParseStatus.Malformed)] // a byte more than declared
    [InlineData("7801030000000001", ParseStatus.Complete)] // an empty fixed block
    [InlineData("78010302000000", ParseStatus.Malformed)] // a match before the beginning
    [InlineData("7801fdff00", ParseStatus.Malformed)] // too many symbols declared
    public void Streams_at_the_edges_are_judged(string hex, object status)
    {
        var inflater = new ZlibInflater();
        inflater.Reset();
        Assert.Equal((ParseStatus)status, inflater.Inflate(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), []));
    }

    [Fact]
    public void A_stream_shorter_than_declared_is_malformed()
    {
        var inflater = new ZlibInflater();
        inflater.Reset();
        Assert.Equal(ParseStatus.Malformed, inflater.Inflate(Deflate([1, 2, 3], 6), new byte[4]));
        Assert.Contains("3 bytes, not the 4", inflater.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Adler_agrees_with_the_definition() =>
        Gen.Byte.Array[0, 30_000].Sample(bytes =>
        {
            uint a = 1, b = 0;
            foreach (var value in bytes) (a, b) = ((a + value) % 65521, (b + a + value) % 65521);
            Assert.Equal((b << 16) | a, Adler32.Compute(bytes));
        });

    [Fact]
    public void Adler_of_the_largest_bytes_does_not_overflow()
    {
        var bytes = new byte[1_000_000];
        bytes.AsSpan().Fill(0xff);
        uint a = 1, b = 0;
        foreach (var value in bytes) (a, b) = ((a + value) % 65521, (b + a + value) % 65521);
        Assert.Equal((b << 16) | a, Adler32.Compute(bytes));
    }

    internal static byte[] Deflate(ReadOnlySpan<byte> plain, int level)
    {
        // ZLibStream makes no stream at all of nothing.
        if (plain.IsEmpty) return [0x78, 0x9c, 3, 0, 0, 0, 0, 1];
        using var target = new MemoryStream();
        using (var deflate = new ZLibStream(target, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true)) deflate.Write(plain);
        return target.ToArray();
    }

    private static byte[] InflateInPieces(ReadOnlySpan<byte> stream, int size, int piece, out long consumed)
    {
        var inflater = new ZlibInflater();
        inflater.Reset();
        var output = new byte[size];
        for (var position = 0; ; position += piece)
        {
            var status = inflater.Inflate(stream.Slice(position, Math.Min(piece, stream.Length - position)), output);
            Assert.NotEqual(ParseStatus.Malformed, status);
            consumed = inflater.Consumed;
            if (status == ParseStatus.Complete) return output;
        }
    }

    private static byte[]? OracleInflate(byte[] stream)
    {
        try
        {
            using var inflate = new ZLibStream(new MemoryStream(stream), CompressionMode.Decompress);
            using var output = new MemoryStream();
            inflate.CopyTo(output);
            return output.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Repeat(byte[] part, int times) => [.. Enumerable.Repeat(part, times).SelectMany(bytes => bytes)];

    private static byte[] Skewed(int seed, int length, int spread)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (var n = 0; n < length; n++)
            bytes[n] = n > 300 && random.Next(4) == 0 ? bytes[n - random.Next(1, 300)] : (byte)(random.NextDouble() * random.NextDouble() * spread);
        return bytes;
    }
}
