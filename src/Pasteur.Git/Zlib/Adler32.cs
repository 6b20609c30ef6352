using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pasteur.Git.Zlib;

/// <summary>The checksum at the end of a zlib stream (RFC 1950 section 8.2).</summary>
internal static class Adler32
{
    public const uint Initial = 1;

    private const uint Modulus = 65521;

    // The longest run whose sums fit 32 bits (zlib's NMAX), rounded down to whole vectors.
    private const int Run = 5552 / 16 * 16;

    private static readonly Vector128<ushort> WeightsLow = Vector128.Create((ushort)16, 15, 14, 13, 12, 11, 10, 9);
    private static readonly Vector128<ushort> WeightsHigh = Vector128.Create((ushort)8, 7, 6, 5, 4, 3, 2, 1);

    public static uint Compute(ReadOnlySpan<byte> data) => Update(Initial, data);

    public static uint Update(uint adler, ReadOnlySpan<byte> data)
    {
        var a = adler & 0xffff;
        var b = adler >> 16;
        while (!data.IsEmpty)
        {
            var run = data[..Math.Min(Run, data.Length)];
            data = data[run.Length..];
            var vectors = MemoryMarshal.Cast<byte, Vector128<byte>>(run);
            if (!vectors.IsEmpty) AddVectors(vectors, ref a, ref b);
            foreach (var value in run[(vectors.Length * 16)..])
            {
                a += value;
                b += a;
            }

            a %= Modulus;
            b %= Modulus;
        }

        return b << 16 | a;
    }

    /// <summary>
    /// For 16 bytes x0..x15: b grows by 16a + 16·x0 + 15·x1 + … + 1·x15, then a by their sum. The 16a parts are gathered
    /// as a running total of a's and multiplied once at the end.
    /// </summary>
    private static void AddVectors(ReadOnlySpan<Vector128<byte>> vectors, ref uint a, ref uint b)
    {
        var sums = Vector128<uint>.Zero;
        var sumsBefore = Vector128<uint>.Zero;
        var weighted = Vector128<uint>.Zero;
        foreach (var bytes in vectors)
        {
            var (low, high) = Vector128.Widen(bytes);
            sumsBefore += sums;
            var pairs = low + high;
            sums += Vector128.WidenLower(pairs) + Vector128.WidenUpper(pairs);
            var products = (low * WeightsLow) + (high * WeightsHigh);
            weighted += Vector128.WidenLower(products) + Vector128.WidenUpper(products);
        }

        b = (uint)((b + (a * 16UL * (ulong)vectors.Length) + (16UL * Sum(sumsBefore)) + Sum(weighted)) % Modulus);
        a += (uint)Sum(sums);
    }

    private static ulong Sum(Vector128<uint> vector) => (ulong)vector[0] + vector[1] + vector[2] + vector[3];
}
