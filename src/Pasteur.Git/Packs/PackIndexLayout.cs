using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>Where things stand in a pack index, version 2.</summary>
/// <remarks>
/// Layout (gitformat-pack, "Version 2 pack-*.idx files"), numbers big-endian:
/// <code>
/// | ff 't' 'O' 'c' | version 2, 4 | fan-out: 256 × 4, entry n counts the ids whose first byte is at most n |
/// | ids, sorted: N × 20 | crc32 of each entry's packed bytes: N × 4 |
/// | offsets: N × 4; with the highest bit set, the rest is an index into the next table |
/// | offsets of 2^31 and more: M × 8 | SHA-1 of the pack | SHA-1 of all of the above |
/// </code>
/// </remarks>
internal readonly record struct PackIndexLayout(int Count)
{
    public const uint Signature = 0xff744f63;
    public const uint Version = 2;
    public const uint LongOffsetBit = 0x80000000;
    public const int FanOutOffset = 8;
    public const int FanOutEntries = 256;
    public const int IdsOffset = FanOutOffset + (FanOutEntries * sizeof(uint));
    public const int TrailerBytes = 2 * ObjectId.Size;
    public const int MinLength = IdsOffset + TrailerBytes;

    public long CrcsOffset => IdsOffset + ((long)Count * ObjectId.Size);

    public long OffsetsOffset => CrcsOffset + ((long)Count * sizeof(uint));

    public long LongOffsetsOffset => OffsetsOffset + ((long)Count * sizeof(uint));
}
