using System.Runtime.CompilerServices;

namespace Pasteur.Git.Zlib;

/// <summary>A Huffman code to write with: for each symbol its bits, in the order in which they go out, and their number.</summary>
internal sealed class DeflateCode(int symbols, int maxBits)
{
    // Bits << 16 | their number, so that one look-up gives both.
    private readonly uint[] _codes = new uint[symbols];
    private readonly byte[] _lengths = new byte[symbols];

    public uint[] Frequencies { get; } = new uint[symbols];

    public ReadOnlySpan<byte> Lengths => _lengths;

    /// <summary>The code of RFC 1951 section 3.2.6.</summary>
    public static DeflateCode Fixed(ReadOnlySpan<byte> lengths)
    {
        var code = new DeflateCode(lengths.Length, HuffmanTable.MaxCodeBits);
        lengths.CopyTo(code._lengths);
        code.SetBits();
        return code;
    }

    /// <summary>Makes the best code for the frequencies.</summary>
    public void Build()
    {
        HuffmanLengths.Set(Frequencies, maxBits, _lengths);
        SetBits();
    }

    /// <summary>Bits that symbols of these frequencies take, without their extra bits.</summary>
    public long Cost(ReadOnlySpan<uint> frequencies)
    {
        var cost = 0L;
        for (var symbol = 0; symbol < frequencies.Length; symbol++) cost += frequencies[symbol] * _lengths[symbol];
        return cost;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ref BitWriter target, int symbol) => target.Write(_codes[symbol] >> 16, (int)_codes[symbol] & 0xff);

    /// <summary>Writes the literals that the tokens begin with, four at a time; returns how many those were.</summary>
    public int WriteLiterals(ref BitWriter target, ReadOnlySpan<uint> tokens)
    {
        var codes = _codes.AsSpan(0, 256);
        var done = 0;
        for (; done + 4 <= tokens.Length; done += 4)
        {
            var four = tokens.Slice(done, 4);
            if ((four[0] | four[1] | four[2] | four[3]) > byte.MaxValue) break;
            var (a, b, c, d) = (codes[(int)four[0]], codes[(int)four[1]], codes[(int)four[2]], codes[(int)four[3]]);
            target.WritePair(a, b);
            target.WritePair(c, d);
        }
        return done;
    }

    /// <summary>Symbols up to the last that has a code, but no fewer than the format has a number for.</summary>
    public int Count(int least)
    {
        var count = _lengths.Length;
        while (count > least && _lengths[count - 1] == 0) count--;
        return count;
    }

    // Codes are handed out in the order of length, then symbol (section 3.2.2), and go out with their first bit first.
    private void SetBits()
    {
        Span<int> next = stackalloc int[HuffmanTable.MaxCodeBits + 2];
        next.Clear();
        foreach (var length in _lengths)
            if (length != 0) next[length + 1]++;
        for (var bits = 1; bits < next.Length; bits++) next[bits] = (next[bits] + next[bits - 1]) << 1;
        for (var symbol = 0; symbol < _lengths.Length; symbol++)
        {
            var length = _lengths[symbol];
            if (length != 0) _codes[symbol] = (uint)(Reverse(next[length]++, length) << 16 | length);
        }
    }

    private static ushort Reverse(int code, int length)
    {
        var reversed = 0;
        for (; length > 0; length--, code >>= 1) reversed = reversed << 1 | code & 1;
        return (ushort)reversed;
    }
}
