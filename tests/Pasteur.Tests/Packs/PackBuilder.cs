using System.Security.Cryptography;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Tests.Zlib;

namespace Pasteur.Tests.Packs;

/// <summary>Makes packs that stock git would not.</summary>
internal sealed class PackBuilder
{
    private readonly List<byte> _entries = [];
    private int _count;

    public long Add(ObjectKind kind, byte[] content) => Add(PackEntryHeader.ForObject(kind, content.Length), content);

    public long Add(PackEntryHeader header, byte[] plain) => AddRaw(header, ZlibInflaterTests.Deflate(plain, 1));

    public long AddRaw(PackEntryHeader header, byte[] packed)
    {
        var offset = PackHeader.Length + _entries.Count;
        var bytes = new byte[PackEntryHeader.MaxLength];
        _entries.AddRange(bytes.AsSpan(0, header.Write(bytes)));
        _entries.AddRange(packed);
        _count++;
        return offset;
    }

    /// <summary>A delta against the entry at an offset.</summary>
    public long AddOffsetDelta(long baseOffset, byte[] delta) =>
        Add(PackEntryHeader.ForOffsetDelta(delta.Length, PackHeader.Length + _entries.Count - baseOffset), delta);

    public long AddReferenceDelta(ObjectId baseId, byte[] delta) => Add(PackEntryHeader.ForReferenceDelta(delta.Length, baseId), delta);

    public byte[] Build(uint? count = null)
    {
        var header = new byte[PackHeader.Length];
        (PackHeader.For(_count) with { Count = count ?? (uint)_count }).Write(header);
        byte[] body = [.. header, .. _entries];
        return [.. body, .. SHA1.HashData(body)];
    }

    /// <summary>A delta that inserts its whole result.</summary>
    public static byte[] Insert(int baseSize, byte[] result) => [.. Varint(baseSize), .. Varint(result.Length), (byte)result.Length, .. result];

    /// <summary>A delta that copies the base's first bytes a number of times.</summary>
    public static byte[] Copies(int baseSize, int bytes, int times)
    {
        var delta = new List<byte>([.. Varint(baseSize), .. Varint((long)bytes * times)]);
        for (var n = 0; n < times; n++) delta.AddRange([0xf0, (byte)bytes, (byte)(bytes >> 8), (byte)(bytes >> 16)]);
        return [.. delta];
    }

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7f; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
