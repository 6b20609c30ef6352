using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pasteur.Git.Zlib;

/// <summary>
/// Deflates a small object into a zlib stream. System.IO.Compression sets up a quarter of a megabyte of native state for each stream,
/// which takes longer than to compress a paste (docs/decisions/deflate.md).
/// </summary>
/// <remarks>
/// One block: matches are found greedily through a table of the last place of four bytes, and written with the code that suits
/// them best or the fixed one, whichever is shorter.
/// <code>
/// dynamic block (RFC 1951 section 3.2.7)  | BFINAL=1 | BTYPE=2 | HLIT 5 | HDIST 5 | HCLEN 4 | lengths of the length code, 3 each |
///                                         | lengths of both codes, by runs | symbols ... | end of block |
/// </code>
/// </remarks>
internal sealed class ZlibDeflater
{
    /// <summary>The largest input: what is larger is worth the set-up of zlib, which also looks further for matches.</summary>
    public const int MaxInput = 16 << 10;

    private const int HeaderLength = 2, TrailerLength = 4;
    private const int HashBits = 12;
    private const int MinMatch = 4, MaxMatch = 258;
    private const int MissesBeforeSkip = 6;
    private const int LengthSymbol = 257, LongestSymbol = 285;
    private const int CopyLength = 16, ShortZeros = 17, LongZeros = 18;
    private const int MaxCodeLengthBits = 7;

    private static readonly DeflateCode FixedLiterals = DeflateCode.Fixed(DeflateAlphabets.FixedLiteralLengths);
    private static readonly DeflateCode FixedDistances = DeflateCode.Fixed(DeflateAlphabets.FixedDistanceLengths);

    [ThreadStatic]
    private static ZlibDeflater? t_instance;

    // Positions plus one; 0 is none.
    private readonly ushort[] _heads = new ushort[1 << HashBits];

    // A literal, or length << 16 | distance.
    private readonly uint[] _tokens = new uint[MaxInput];
    private readonly DeflateCode _literals = new(DeflateAlphabets.MaxLiterals, HuffmanTable.MaxCodeBits);
    private readonly DeflateCode _distances = new(DeflateAlphabets.MaxDistances, HuffmanTable.MaxCodeBits);
    private readonly DeflateCode _runs = new(DeflateAlphabets.CodeLengthCodes, MaxCodeLengthBits);
    private readonly (byte Symbol, byte Extra)[] _lengthRuns = new (byte, byte)[DeflateAlphabets.MaxLiterals + DeflateAlphabets.MaxDistances];
    private int _tokenCount;
    private int _runCount;
    private long _extraBits;

    private ZlibDeflater()
    {
    }

    /// <summary>Writes the stream; returns its length, or 0 when it does not fit into <paramref name="target"/>.</summary>
    public static int Deflate(ReadOnlySpan<byte> plain, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, MaxInput, nameof(plain));
        return (t_instance ??= new ZlibDeflater()).Write(plain, target);
    }

    private int Write(ReadOnlySpan<byte> plain, Span<byte> target)
    {
        FindMatches(plain);
        _literals.Build();
        _distances.Build();
        MakeRuns();
        _runs.Build();

        var dynamicBits = HeaderBits() + _literals.Cost(_literals.Frequencies) + _distances.Cost(_distances.Frequencies);
        var fixedBits = FixedLiterals.Cost(_literals.Frequencies) + FixedDistances.Cost(_distances.Frequencies);
        var bytes = (3 + _extraBits + Math.Min(dynamicBits, fixedBits) + 7) / 8;
        if (HeaderLength + bytes + TrailerLength > target.Length) return 0;

        target[0] = 0x78;
        target[1] = 0x01;
        var bits = new BitWriter(target[HeaderLength..]);
        if (dynamicBits < fixedBits) WriteDynamic(ref bits);
        else WriteFixed(ref bits);
        var end = HeaderLength + bits.Finish();
        BinaryPrimitives.WriteUInt32BigEndian(target[end..], Adler32.Compute(plain));
        return end + TrailerLength;
    }

    private void FindMatches(ReadOnlySpan<byte> plain)
    {
        Array.Clear(_heads);
        Array.Clear(_literals.Frequencies);
        Array.Clear(_distances.Frequencies);
        (_tokenCount, _extraBits) = (0, 0);
        _literals.Frequencies[DeflateAlphabets.EndOfBlock] = 1;

        var (at, misses) = (0, 0);
        while (at <= plain.Length - MinMatch)
        {
            var before = Replace(plain, at);
            if (before < 0 || ReadFour(plain, before) != ReadFour(plain, at))
            {
                // The longer nothing matches, the less often is looked.
                var end = Math.Min(at + 1 + (misses++ >> MissesBeforeSkip), plain.Length);
                while (at < end) AddLiteral(plain[at++]);
                continue;
            }
            misses = 0;
            var length = MinMatch + plain[(at + MinMatch)..Math.Min(at + MaxMatch, plain.Length)].CommonPrefixLength(plain[(before + MinMatch)..]);
            AddMatch(length, at - before);
            at += length;
            // Of the places inside the match the last is enough: what goes on from here looks like what went on from there.
            if (at <= plain.Length - MinMatch + 1) Replace(plain, at - 1);
        }
        while (at < plain.Length) AddLiteral(plain[at++]);
    }

    // Notes where these four bytes are; returns where bytes of the same hash were last, or -1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Replace(ReadOnlySpan<byte> plain, int at)
    {
        ref var head = ref _heads[ReadFour(plain, at) * 2654435761u >> (32 - HashBits)];
        var before = head - 1;
        head = (ushort)(at + 1);
        return before;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadFour(ReadOnlySpan<byte> plain, int at) => BinaryPrimitives.ReadUInt32LittleEndian(plain[at..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddLiteral(byte value)
    {
        _tokens[_tokenCount++] = value;
        _literals.Frequencies[value]++;
    }

    private void AddMatch(int length, int distance)
    {
        _tokens[_tokenCount++] = (uint)(length << 16 | distance);
        var (lengthSymbol, lengthExtra) = SymbolOfLength(length);
        var (distanceSymbol, distanceExtra) = SymbolOfDistance(distance);
        _literals.Frequencies[lengthSymbol]++;
        _distances.Frequencies[distanceSymbol]++;
        _extraBits += lengthExtra + distanceExtra;
    }

    // From 8 above the shortest on, four symbols for each power of two; the longest has one of its own (section 3.2.5).
    private static (int Symbol, int ExtraBits) SymbolOfLength(int length)
    {
        if (length == MaxMatch) return (LongestSymbol, 0);
        var above = length - 3;
        if (above < 8) return (LengthSymbol + above, 0);
        var power = BitOperations.Log2((uint)above);
        return (LengthSymbol + 4 * (power - 1) + (above >> power - 2 & 3), power - 2);
    }

    // Two symbols for each power of two.
    private static (int Symbol, int ExtraBits) SymbolOfDistance(int distance)
    {
        var above = distance - 1;
        if (above < 2) return (above, 0);
        var power = BitOperations.Log2((uint)above);
        return (2 * power + (above >> power - 1 & 1), power - 1);
    }

    /// <summary>The lengths of both codes in a row, as the format counts runs: a length again 3 to 6 times, zeros 3 to 10 or 11 to 138 times.</summary>
    private void MakeRuns()
    {
        Span<byte> lengths = stackalloc byte[DeflateAlphabets.MaxLiterals + DeflateAlphabets.MaxDistances];
        var literals = LiteralCount;
        _literals.Lengths[..literals].CopyTo(lengths);
        _distances.Lengths[..DistanceCount].CopyTo(lengths[literals..]);
        lengths = lengths[..(literals + DistanceCount)];

        Array.Clear(_runs.Frequencies);
        _runCount = 0;
        while (!lengths.IsEmpty)
        {
            var length = lengths[0];
            var same = lengths.IndexOfAnyExcept(length) is var end && end < 0 ? lengths.Length : end;
            var run = length == 0 ? Math.Min(same, 138) : Math.Min(same - 1, 6);
            if (run < 3)
            {
                AddRun(length, 0);
                lengths = lengths[1..];
            }
            else if (length != 0)
            {
                AddRun(length, 0);
                AddRun(CopyLength, run - 3);
                lengths = lengths[(1 + run)..];
            }
            else
            {
                AddRun(run < 11 ? ShortZeros : LongZeros, run < 11 ? run - 3 : run - 11);
                lengths = lengths[run..];
            }
        }
    }

    private void AddRun(int symbol, int extra)
    {
        _lengthRuns[_runCount++] = ((byte)symbol, (byte)extra);
        _runs.Frequencies[symbol]++;
    }

    private int LiteralCount => _literals.Count(LengthSymbol);

    private int DistanceCount => _distances.Count(1);

    private int RunCodeCount
    {
        get
        {
            var count = DeflateAlphabets.CodeLengthCodes;
            while (count > 4 && _runs.Lengths[DeflateAlphabets.CodeLengthOrder[count - 1]] == 0) count--;
            return count;
        }
    }

    private static int RunExtraBits(int symbol) => symbol switch { CopyLength => 2, ShortZeros => 3, LongZeros => 7, _ => 0 };

    private long HeaderBits()
    {
        var bits = 5 + 5 + 4 + 3L * RunCodeCount + _runs.Cost(_runs.Frequencies);
        foreach (var (symbol, _) in _lengthRuns.AsSpan(0, _runCount)) bits += RunExtraBits(symbol);
        return bits;
    }

    private void WriteDynamic(ref BitWriter bits)
    {
        bits.Write(0b101, 3);
        bits.Write((uint)LiteralCount - 257, 5);
        bits.Write((uint)DistanceCount - 1, 5);
        bits.Write((uint)RunCodeCount - 4, 4);
        foreach (var symbol in DeflateAlphabets.CodeLengthOrder[..RunCodeCount]) bits.Write(_runs.Lengths[symbol], 3);
        foreach (var (symbol, extra) in _lengthRuns.AsSpan(0, _runCount))
        {
            _runs.Write(ref bits, symbol);
            bits.Write(extra, RunExtraBits(symbol));
        }
        WriteTokens(ref bits, _literals, _distances);
    }

    private void WriteFixed(ref BitWriter bits)
    {
        bits.Write(0b011, 3);
        WriteTokens(ref bits, FixedLiterals, FixedDistances);
    }

    private void WriteTokens(ref BitWriter bits, DeflateCode literals, DeflateCode distances)
    {
        // A copy, which can live in registers.
        var writer = bits;
        ReadOnlySpan<uint> tokens = _tokens.AsSpan(0, _tokenCount);
        for (var at = 0; at < tokens.Length; at++)
        {
            if ((at += literals.WriteLiterals(ref writer, tokens[at..])) == tokens.Length) break;
            var token = tokens[at];
            var (length, distance) = ((int)(token >> 16), (int)(token & 0xffff));
            if (length == 0)
            {
                literals.Write(ref writer, distance);
                continue;
            }
            var (symbol, extra) = SymbolOfLength(length);
            literals.Write(ref writer, symbol);
            writer.Write((uint)(length - 3) & (1u << extra) - 1, extra);
            (symbol, extra) = SymbolOfDistance(distance);
            distances.Write(ref writer, symbol);
            writer.Write((uint)(distance - 1) & (1u << extra) - 1, extra);
        }
        literals.Write(ref writer, DeflateAlphabets.EndOfBlock);
        bits = writer;
    }
}
