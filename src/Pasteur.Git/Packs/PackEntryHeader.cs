using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>What stands before the zlib stream of a pack entry.</summary>
/// <remarks>
/// Layout (gitformat-pack, "Pack file entry"):
/// <code>
/// byte 0     | more 1 | type 3 | size, lowest 4 bits |
/// byte 1..   | more 1 | size, next 7 bits            |     until more is 0; size of the plain bytes
/// type 6     | more 1 | distance, highest 7 bits     | ... offset encoding: big-endian, each continued byte adds one
/// type 7     | id of the base, 20 bytes
/// </code>
/// </remarks>
internal readonly record struct PackEntryHeader
{
    /// <summary>The longest header: a size of 10 bytes and an id of 20.</summary>
    public const int MaxLength = MaxVarintBytes + ObjectId.Size;

    private const int MaxVarintBytes = 10;
    private const int ContinuationBit = 0x80;

    private PackEntryHeader(PackEntryType type, long size)
    {
        Type = type;
        Size = size;
    }

    public PackEntryType Type { get; private init; }

    /// <summary>Bytes of the inflated entry: of the object, or of the delta.</summary>
    public long Size { get; private init; }

    /// <summary>For an offset delta: how far before this entry its base begins; always positive.</summary>
    public long BaseDistance { get; private init; }

    /// <summary>For a reference delta: its base.</summary>
    public ObjectId BaseId { get; private init; }

    /// <summary>Bytes of the header itself.</summary>
    public int Length { get; private init; }

    public static PackEntryHeader ForObject(ObjectKind kind, long size) => Measured(new PackEntryHeader(kind.ToEntryType(), size));

    public static PackEntryHeader ForOffsetDelta(long deltaSize, long baseDistance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baseDistance);
        return Measured(new PackEntryHeader(PackEntryType.OffsetDelta, deltaSize) { BaseDistance = baseDistance });
    }

    public static PackEntryHeader ForReferenceDelta(long deltaSize, ObjectId baseId) =>
        Measured(new PackEntryHeader(PackEntryType.ReferenceDelta, deltaSize) { BaseId = baseId });

    public static ParseStatus Read(ReadOnlySpan<byte> source, out PackEntryHeader header)
    {
        header = default;
        var position = 0;
        var status = ReadTypeAndSize(source, ref position, out var type, out var size);
        if (status != ParseStatus.Complete) return status;
        var distance = 0L;
        var baseId = default(ObjectId);
        switch (type)
        {
            case 1 or 2 or 3 or 4:
                break;
            case (int)PackEntryType.OffsetDelta:
                status = ReadDistance(source, ref position, out distance);
                if (status != ParseStatus.Complete) return status;
                break;
            case (int)PackEntryType.ReferenceDelta:
                if (source.Length - position < ObjectId.Size) return ParseStatus.Incomplete;
                baseId = new ObjectId(source.Slice(position, ObjectId.Size));
                position += ObjectId.Size;
                break;
            default:
                return ParseStatus.Malformed;
        }

        header = new PackEntryHeader((PackEntryType)type, size) { BaseDistance = distance, BaseId = baseId, Length = position };
        return ParseStatus.Complete;
    }

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public int Write(Span<byte> destination)
    {
        var position = 0;
        var rest = Size >> 4;
        destination[position] = (byte)(((int)Type << 4) | (int)(Size & 0xf));
        for (; rest != 0; rest >>= 7)
        {
            destination[position++] |= ContinuationBit;
            destination[position] = (byte)(rest & 0x7f);
        }

        position++;
        if (Type == PackEntryType.OffsetDelta) position += WriteDistance(destination[position..], BaseDistance);
        if (Type != PackEntryType.ReferenceDelta) return position;
        BaseId.CopyTo(destination[position..]);
        return position + ObjectId.Size;
    }

    private static PackEntryHeader Measured(PackEntryHeader header)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(header.Size);
        Span<byte> scratch = stackalloc byte[MaxLength];
        return header with { Length = header.Write(scratch) };
    }

    private static ParseStatus ReadTypeAndSize(ReadOnlySpan<byte> source, ref int position, out int type, out long size)
    {
        (type, size) = (0, 0);
        if (source.IsEmpty) return ParseStatus.Incomplete;
        int value = source[position++];
        type = (value >> 4) & 7;
        size = value & 0xf;
        for (var shift = 4; (value & ContinuationBit) != 0; shift += 7)
        {
            if (position == source.Length) return ParseStatus.Incomplete;
            value = source[position++];
            // 4 + 8 * 7 = 60 bits are taken whole; what would reach the sign is refused.
            if (shift > 53 && (shift > 60 || (value & 0x7f) >> (63 - shift) != 0)) return ParseStatus.Malformed;
            size |= (long)(value & 0x7f) << shift;
        }

        return ParseStatus.Complete;
    }

    private static ParseStatus ReadDistance(ReadOnlySpan<byte> source, ref int position, out long distance)
    {
        distance = -1;
        int value;
        do
        {
            if (position == source.Length) return ParseStatus.Incomplete;
            if (distance >= long.MaxValue >> 8) return ParseStatus.Malformed;
            value = source[position++];
            distance = ((distance + 1) << 7) | (uint)(value & 0x7f);
        }
        while ((value & ContinuationBit) != 0);

        return distance == 0 ? ParseStatus.Malformed : ParseStatus.Complete;
    }

    private static int WriteDistance(Span<byte> destination, long distance)
    {
        Span<byte> reversed = stackalloc byte[MaxVarintBytes];
        var length = 0;
        reversed[length++] = (byte)(distance & 0x7f);
        for (distance >>= 7; distance != 0; distance >>= 7) reversed[length++] = (byte)(ContinuationBit | (--distance & 0x7f));
        for (var n = 0; n < length; n++) destination[n] = reversed[length - 1 - n];
        return length;
    }
}
