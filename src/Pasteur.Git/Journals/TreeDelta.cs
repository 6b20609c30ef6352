using Pasteur.Git.Packs;

namespace Pasteur.Git.Journals;

/// <summary>
/// The delta from one version of a tree to the next (gitformat-pack, "Deltified representation"). One entry changes at a time, so
/// a version is what stands before the change, the change, and what stands after it:
/// <code>
/// delta = source-size target-size [copy(0, prefix)] insert(change)* [copy(from, suffix)]
/// copy   = 1 size-mask:3 offset-mask:4, then the masked bytes, least significant first
/// insert = 0 length:7, then the bytes
/// </code>
/// </summary>
internal static class TreeDelta
{
    private const int MaxInsert = 127;
    private const int MaxCopy = 0xFFFF;

    /// <summary>Writes the delta into <paramref name="target"/>; -1 when it would not be shorter than half the new version.</summary>
    public static int Write(ReadOnlySpan<byte> source, ReadOnlySpan<byte> result, Span<byte> target)
    {
        var prefix = source.CommonPrefixLength(result);
        var suffix = CommonSuffixLength(source[prefix..], result[prefix..]);
        var change = result[prefix..^suffix];
        if (change.Length + 32 > result.Length / 2) return -1;

        var at = WriteSize(target, source.Length);
        at += WriteSize(target[at..], result.Length);
        at += WriteCopies(target[at..], 0, prefix);
        while (!change.IsEmpty)
        {
            var length = Math.Min(change.Length, MaxInsert);
            target[at++] = (byte)length;
            change[..length].CopyTo(target[at..]);
            at += length;
            change = change[length..];
        }
        return at + WriteCopies(target[at..], source.Length - suffix, suffix);
    }

    /// <summary>The delta, or null when it is not worth it.</summary>
    public static byte[]? Create(ReadOnlySpan<byte> source, ReadOnlySpan<byte> result)
    {
        var target = new byte[MaxLength(result.Length)];
        var length = Write(source, result, target);
        return length < 0 ? null : target[..length];
    }

    /// <summary>An upper bound for what <see cref="Write"/> needs.</summary>
    public static int MaxLength(int resultLength) => resultLength + resultLength / MaxInsert + 64;

    private static int CommonSuffixLength(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var most = Math.Min(left.Length, right.Length);
        var count = 0;
        while (count < most && left[^(count + 1)] == right[^(count + 1)]) count++;
        return count;
    }

    private static int WriteSize(Span<byte> target, int size)
    {
        var at = 0;
        for (; size >= 0x80; size >>= 7) target[at++] = (byte)(0x80 | (size & 0x7F));
        target[at++] = (byte)size;
        return at;
    }

    private static int WriteCopies(Span<byte> target, int offset, int length)
    {
        var at = 0;
        for (; length > 0; offset += MaxCopy)
        {
            at += WriteCopy(target[at..], offset, Math.Min(length, MaxCopy));
            length -= Math.Min(length, MaxCopy);
        }
        return at;
    }

    private static int WriteCopy(Span<byte> target, int offset, int length)
    {
        byte mask = 0x80;
        var at = 1;
        for (var i = 0; i < 4; i++)
        {
            var part = (byte)(offset >> (8 * i));
            if (part == 0) continue;
            mask |= (byte)(1 << i);
            target[at++] = part;
        }
        for (var i = 0; i < 2; i++)
        {
            var part = (byte)(length >> (8 * i));
            if (part == 0) continue;
            mask |= (byte)(1 << (4 + i));
            target[at++] = part;
        }
        target[0] = mask;
        return at;
    }
}
