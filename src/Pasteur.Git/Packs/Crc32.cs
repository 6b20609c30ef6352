using System.Buffers.Binary;

namespace Pasteur.Git.Packs;

/// <summary>The CRC-32 of a pack index's entries (ISO 3309, as in zlib and RFC 1952 section 8). Eight bytes a step, by eight tables.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xedb88320;
    private const int Slices = 8;

    private static readonly uint[] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> data) => Update(0, data);

    /// <summary>Goes on with the checksum of the bytes before; begin with 0.</summary>
    public static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        var t = Tables;
        crc = ~crc;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t[0x700 + (int)(low & 0xff)] ^ t[0x600 + (int)(low >> 8 & 0xff)] ^ t[0x500 + (int)(low >> 16 & 0xff)] ^ t[0x400 + (int)(low >> 24)]
                ^ t[0x300 + (int)(high & 0xff)] ^ t[0x200 + (int)(high >> 8 & 0xff)] ^ t[0x100 + (int)(high >> 16 & 0xff)] ^ t[(int)(high >> 24)];
        }

        foreach (var value in data) crc = t[(int)((crc ^ value) & 0xff)] ^ crc >> 8;
        return ~crc;
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
