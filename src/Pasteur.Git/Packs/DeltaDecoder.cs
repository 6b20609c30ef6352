using System.Diagnostics.CodeAnalysis;

namespace Pasteur.Git.Packs;

/// <summary>Makes an object out of its base and a delta.</summary>
/// <remarks>
/// Layout (gitformat-pack, "Deltified representation"):
/// <code>
/// | size of base, varint | size of result, varint | instructions ... |      varint: 7 bits a byte, lowest first
/// copy    | 1 s2 s1 s0 o3 o2 o1 o0 | o0? | o1? | o2? | o3? | s0? | s1? | s2? |    a byte follows for each bit set;
///                                                                             size 0 means 0x10000
/// insert  | 0 | length 7 bits, not 0 | that many bytes |
/// </code>
/// </remarks>
internal static class DeltaDecoder
{
    private const int CopyBit = 0x80;
    private const int SizeOfZero = 0x10000;

    /// <summary>Reads the two sizes at a delta's beginning.</summary>
    public static bool TryReadSizes(ReadOnlySpan<byte> delta, out long baseSize, out long resultSize, out int length)
    {
        length = 0;
        resultSize = 0;
        return TryReadSize(delta, ref length, out baseSize) && TryReadSize(delta, ref length, out resultSize);
    }

    /// <summary>Applies a delta; the result must fill <paramref name="result"/> to its last byte.</summary>
    public static bool TryApply(ReadOnlySpan<byte> source, ReadOnlySpan<byte> delta, Span<byte> result, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        if (!TryReadSizes(delta, out var baseSize, out var resultSize, out var position)) fault = "a delta ends in its header";
        else if (baseSize != source.Length) fault = $"a delta is meant for a base of {baseSize} bytes, but its base has {source.Length}";
        else if (resultSize != result.Length) fault = $"a delta makes {resultSize} bytes, not {result.Length}";
        if (fault != null) return false;

        var written = 0;
        while (position < delta.Length)
        {
            int instruction = delta[position++];
            if ((instruction & CopyBit) != 0)
            {
                if (!TryReadCopy(delta, instruction, ref position, out var from, out var size))
                {
                    fault = "a delta ends in the middle of an instruction";
                    return false;
                }

                if (from + size > source.Length || size > result.Length - written)
                {
                    fault = "a delta copies from or to outside of its object";
                    return false;
                }

                source.Slice((int)from, size).CopyTo(result[written..]);
                written += size;
            }
            else if (instruction == 0)
            {
                fault = "a delta has the reserved instruction 0";
                return false;
            }
            else
            {
                if (instruction > delta.Length - position || instruction > result.Length - written)
                {
                    fault = "a delta inserts more than there is, or more than fits";
                    return false;
                }

                delta.Slice(position, instruction).CopyTo(result[written..]);
                position += instruction;
                written += instruction;
            }
        }

        if (written == result.Length) return true;
        fault = $"a delta makes {written} bytes, not {result.Length}";
        return false;
    }

    private static bool TryReadCopy(ReadOnlySpan<byte> delta, int instruction, ref int position, out long from, out int size)
    {
        (from, size) = (0, 0);
        for (var n = 0; n < 4; n++)
        {
            if ((instruction >> n & 1) == 0) continue;
            if (position == delta.Length) return false;
            from |= (long)delta[position++] << (8 * n);
        }

        for (var n = 0; n < 3; n++)
        {
            if ((instruction >> (4 + n) & 1) == 0) continue;
            if (position == delta.Length) return false;
            size |= delta[position++] << (8 * n);
        }

        if (size == 0) size = SizeOfZero;
        return true;
    }

    private static bool TryReadSize(ReadOnlySpan<byte> delta, ref int position, out long size)
    {
        size = 0;
        for (var shift = 0; shift <= 56; shift += 7)
        {
            if (position == delta.Length) return false;
            int value = delta[position++];
            size |= (long)(value & 0x7f) << shift;
            if ((value & 0x80) == 0) return true;
        }

        return false;
    }
}
