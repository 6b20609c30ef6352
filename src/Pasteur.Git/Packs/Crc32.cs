using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pasteur.Git.Packs;

/// <summary>
/// The CRC-32 of a pack index's entries (ISO 3309, as in zlib and RFC 1952 section 8). Eight bytes a step by eight tables; where the
/// processor multiplies without carries, 64 bytes a step (V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
/// Instruction", Intel 2009).
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xedb88320;
    private const int Slices = 8;
    private const int FoldedBytes = 64;

    // x^n mod P, bits reversed, that moves 16 bytes over 64 or over 16 bytes: n = 4*128+32 and 4*128-32, n = 128+32 and 128-32.
    private static readonly Vector128<ulong> s_over64 = Vector128.Create(0x1_5444_2bd4UL, 0x1_c6e4_1596UL);
    private static readonly Vector128<ulong> s_over16 = Vector128.Create(0x1_7519_97d0UL, 0x0_ccaa_009eUL);

    private static readonly uint[] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> data) => Update(0, data);

    /// <summary>Goes on with the checksum of the bytes before; begin with 0.</summary>
    public static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        if (Pclmulqdq.IsSupported && data.Length >= 2 * FoldedBytes)
        {
            Span<byte> rest = stackalloc byte[Vector128<byte>.Count];
            data = Fold(crc, data, rest);
            crc = ByTables(0, rest);
        }
        return ~ByTables(crc, data);
    }

    /// <summary>Makes 16 bytes of most of the data that have the same checksum, begun with 0; returns what is left over.</summary>
    private static ReadOnlySpan<byte> Fold(uint crc, ReadOnlySpan<byte> data, scoped Span<byte> folded)
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(data);
        var (a, b, c, d) = (blocks[0] ^ Vector128.CreateScalar((ulong)crc), blocks[1], blocks[2], blocks[3]);
        var at = 4;
        for (; at + 4 <= blocks.Length; at += 4)
        {
            a = Move(a, s_over64) ^ blocks[at];
            b = Move(b, s_over64) ^ blocks[at + 1];
            c = Move(c, s_over64) ^ blocks[at + 2];
            d = Move(d, s_over64) ^ blocks[at + 3];
        }
        a = Move(a, s_over16) ^ b;
        a = Move(a, s_over16) ^ c;
        a = Move(a, s_over16) ^ d;
        for (; at < blocks.Length; at++) a = Move(a, s_over16) ^ blocks[at];
        a.AsByte().CopyTo(folded);
        return data[(at * Vector128<byte>.Count)..];
    }

    private static Vector128<ulong> Move(Vector128<ulong> block, Vector128<ulong> distance) =>
        Pclmulqdq.CarrylessMultiply(block, distance, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, distance, 0x11);

    private static uint ByTables(uint crc, ReadOnlySpan<byte> data)
    {
        var t = Tables;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t[0x700 + (int)(low & 0xff)] ^ t[0x600 + (int)(low >> 8 & 0xff)] ^ t[0x500 + (int)(low >> 16 & 0xff)] ^ t[0x400 + (int)(low >> 24)]
                ^ t[0x300 + (int)(high & 0xff)] ^ t[0x200 + (int)(high >> 8 & 0xff)] ^ t[0x100 + (int)(high >> 16 & 0xff)] ^ t[(int)(high >> 24)];
        }

        foreach (var value in data) crc = t[(int)((crc ^ value) & 0xff)] ^ crc >> 8;
        return crc;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[Slices * 256];
        for (uint n = 0; n < 256; n++)
        {
            var crc = n;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? Polynomial ^ crc >> 1 : crc >> 1;
            tables[n] = crc;
        }

        for (var n = 256; n < tables.Length; n++) tables[n] = tables[tables[n - 256] & 0xff] ^ tables[n - 256] >> 8;
        return tables;
    }
}
