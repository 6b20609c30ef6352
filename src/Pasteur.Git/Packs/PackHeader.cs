using System.Buffers.Binary;

namespace Pasteur.Git.Packs;

/// <summary>The twelve bytes at the beginning of a pack.</summary>
/// <remarks>
/// Layout (gitformat-pack, "pack-*.pack files"):
/// <code>| 'P' 'A' 'C' 'K' | version, 4, big-endian: 2 (or 3) | number of entries, 4, big-endian |</code>
/// behind the entries stands the SHA-1 of everything before it.
/// </remarks>
internal readonly record struct PackHeader(uint Version, uint Count)
{
    public const int Length = 12;
    public const uint DefaultVersion = 2;

    private const uint Signature = 0x5041434b;

    public static PackHeader For(int count) => new(DefaultVersion, (uint)count);

    /// <summary>False when these are not the first bytes of a pack of a known version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out PackHeader header)
    {
        header = default;
        if (source.Length < Length || BinaryPrimitives.ReadUInt32BigEndian(source) != Signature) return false;
        header = new PackHeader(BinaryPrimitives.ReadUInt32BigEndian(source[4..]), BinaryPrimitives.ReadUInt32BigEndian(source[8..]));
        return header.Version is 2 or 3;
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Signature);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Version);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Count);
    }
}
