using System.Diagnostics;

namespace Pasteur.Git.Zlib;

/// <summary>
/// Decodes one Huffman alphabet of DEFLATE (RFC 1951 section 3.2): a root table indexed by the next bits, and behind it
/// smaller tables for codes longer than the root.
/// </summary>
/// <remarks>
/// An entry, 32 bits:
/// <code>
///  31            16 15      12 11     8 7          0
/// | value          | kind     | extra  | length     |
/// </code>
/// value: literal, base of a length or distance, or where a subtable starts; extra: bits to read after the code, or
/// the index bits of a subtable; length: bits of the whole code (for a subtable's pointer: of the root).
/// </remarks>
internal sealed class HuffmanTable
{
    public const int MaxCodeBits = 15;

    public const uint KindInvalid = 0;
    public const uint KindLiteral = 1;
    public const uint KindBase = 2;
    public const uint KindEnd = 3;
    public const uint KindSubtable = 4;

    // More than zlib's proven bound for these roots (enough.c: 852 and 592).
    private const int Capacity = 1024;

    private readonly uint[] _entries = new uint[Capacity];
    private readonly int _rootBits;

    public HuffmanTable(int rootBits) => _rootBits = rootBits;

    public uint[] Entries => _entries;

    public int RootBits => _rootBits;

    public static uint Kind(uint entry) => (entry >> 12) & 0xf;

    public static int Extra(uint entry) => (int)(entry >> 8) & 0xf;

    public static int Length(uint entry) => (int)entry & 0xff;

    public static int Value(uint entry) => (int)(entry >> 16);

    /// <summary>An entry without its code length, as alphabets list them.</summary>
    public static uint Symbol(uint kind, int value, int extra = 0) => (uint)value << 16 | kind << 12 | (uint)extra << 8;

    /// <summary>
    /// Fills the table for the code lengths of an alphabet. False when they over-fill the code space, or leave a part of it
    /// unused (which only a code of a single one-bit symbol, or none at all, may do, as in zlib).
    /// </summary>
    public bool TryBuild(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> alphabet, bool mayBeIncomplete)
    {
        Span<int> count = stackalloc int[MaxCodeBits + 1];
        count.Clear();
        foreach (var length in lengths) count[length]++;
        var symbols = lengths.Length - count[0];

        var space = 1;
        var longest = 0;
        for (var bits = 1; bits <= MaxCodeBits; bits++)
        {
            space = (space << 1) - count[bits];
            if (space < 0) return false;
            if (count[bits] != 0) longest = bits;
        }

        if (space > 0 && !(mayBeIncomplete && longest <= 1)) return false;

        if (space > 0) Array.Clear(_entries);
        if (symbols == 0) return true;

        Span<ushort> sorted = stackalloc ushort[lengths.Length];
        Sort(lengths, count, sorted);
        Fill(sorted[..symbols], lengths, alphabet, count);
        return true;
    }

    private static void Sort(ReadOnlySpan<byte> lengths, ReadOnlySpan<int> count, Span<ushort> sorted)
    {
        Span<int> start = stackalloc int[MaxCodeBits + 2];
        start[1] = 0;
        for (var bits = 1; bits <= MaxCodeBits; bits++) start[bits + 1] = start[bits] + count[bits];
        for (var symbol = 0; symbol < lengths.Length; symbol++)
            if (lengths[symbol] != 0) sorted[start[lengths[symbol]]++] = (ushort)symbol;
    }

    /// <summary>Codes are handed out in the order of length, then symbol; the table is indexed by them with their bits reversed.</summary>
    private void Fill(ReadOnlySpan<ushort> sorted, ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> alphabet, Span<int> count)
    {
        // Counted up in reversed bits; a longer code begins with the same bits as one more than the last, so it needs no shift.
        var reversed = 0;
        var next = 1 << _rootBits;
        var subtable = -1;
        var subtableStart = 0;
        var subtableBits = 0;
        foreach (var symbol in sorted)
        {
            var length = lengths[symbol];
            var entry = alphabet[symbol] | length;
            if (length <= _rootBits)
            {
                Replicate(entry, 0, reversed, length, _rootBits);
            }
            else
            {
                var prefix = reversed & ((1 << _rootBits) - 1);
                if (prefix != subtable)
                {
                    subtable = prefix;
                    subtableStart = next;
                    subtableBits = SubtableBits(length, count);
                    next += 1 << subtableBits;
                    Debug.Assert(next <= Capacity, "A complete code fits the table.");
                    _entries[prefix] = Symbol(KindSubtable, subtableStart, subtableBits) | (uint)_rootBits;
                }

                Replicate(entry, subtableStart, reversed >> _rootBits, length - _rootBits, subtableBits);
            }

            count[length]--;
            reversed = Next(reversed, length);
        }
    }

    private void Replicate(uint entry, int start, int index, int bits, int tableBits)
    {
        for (; index < 1 << tableBits; index += 1 << bits) _entries[start + index] = entry;
    }

    /// <summary>Index bits so that the subtable holds every code that shares this root prefix: grow while the codes left would over-fill it.</summary>
    private int SubtableBits(int length, ReadOnlySpan<int> left)
    {
        var bits = length - _rootBits;
        var space = 1 << bits;
        while (length < MaxCodeBits)
        {
            space -= left[length];
            if (space <= 0) break;
            bits++;
            length++;
            space <<= 1;
        }

        return bits;
    }

    /// <summary>Adds one to a code whose bits are reversed: the carry runs downwards from its last bit.</summary>
    private static int Next(int reversed, int length)
    {
        var bit = 1 << (length - 1);
        while ((reversed & bit) != 0) bit >>= 1;
        return bit == 0 ? 0 : (reversed & (bit - 1)) | bit;
    }
}
