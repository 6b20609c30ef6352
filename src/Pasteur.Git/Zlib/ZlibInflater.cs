using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Pasteur.Git.Zlib;

/// <summary>
/// Inflates one zlib stream into memory of exactly its size, and knows where the stream ended. System.IO.Compression reads
/// ahead without saying how far, and sets up native state for each stream, which costs more than the small objects of a
/// pack do.
/// </summary>
/// <remarks>
/// <code>
/// zlib stream (RFC 1950)  | CMF | FLG | DEFLATE blocks ... | Adler-32 of the plain bytes, 4, big-endian |
/// block (RFC 1951)        | BFINAL 1 bit | BTYPE 2 bits: 0 stored, 1 fixed, 2 dynamic | ...
///   stored                | to the next byte | LEN 2 | NLEN 2 | LEN bytes |
///   fixed, dynamic        | (dynamic: code lengths) | symbols ... | end of block |
/// </code>
/// Input may arrive in pieces: after <see cref="ParseStatus.Incomplete"/>, call again with the bytes that follow and the
/// same output.
/// </remarks>
internal sealed partial class ZlibInflater
{
    // As zlib: small tables, because most streams here are a few kilobytes and building a table is a good part of the work.
    public const int LiteralRootBits = 9;
    public const int DistanceRootBits = 6;

    // The longest symbol: a length code (15) and its extra bits (5), a distance code (15) and its extra bits (13).
    private const int LongestSymbolBits = 48;

    private readonly HuffmanTable _dynamicLiterals = new(LiteralRootBits);
    private readonly HuffmanTable _dynamicDistances = new(DistanceRootBits);
    private readonly HuffmanTable _codeLengths = new(7);
    private readonly byte[] _lengths = new byte[DeflateAlphabets.MaxLiterals + DeflateAlphabets.MaxDistances];
    private readonly byte[] _codeLengthLengths = new byte[DeflateAlphabets.CodeLengthCodes];

    private HuffmanTable _literals = DeflateAlphabets.FixedLiterals;
    private HuffmanTable _distances = DeflateAlphabets.FixedDistances;
    private Phase _phase;
    private ulong _bits;
    private int _bitCount;
    private bool _lastBlock;
    private int _storedLeft;
    private int _literalCount;
    private int _distanceCount;
    private int _codeLengthCount;
    private int _lengthsRead;
    private long _taken;

    private enum Phase : byte { StreamHeader, BlockHeader, StoredLength, StoredBytes, DynamicCounts, CodeLengthLengths, CodeLengths, Symbols, Trailer, Done }

    /// <summary>Plain bytes written so far.</summary>
    public int Written { get; private set; }

    /// <summary>Compressed bytes that belong to the stream (when complete: its exact length).</summary>
    public long Consumed => _taken - (_bitCount / 8);

    /// <summary>What is wrong, after <see cref="ParseStatus.Malformed"/>.</summary>
    public string Fault { get; private set; } = "";

    public void Reset()
    {
        _phase = Phase.StreamHeader;
        (_bits, _bitCount, _taken) = (0, 0, 0);
        Written = 0;
        Fault = "";
    }

    /// <summary>
    /// Goes on with the stream. All of <paramref name="input"/> is taken unless the stream completes. The stream must fill
    /// <paramref name="output"/> to its last byte; it never writes beyond.
    /// </summary>
    public ParseStatus Inflate(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var position = 0;
        while (_phase != Phase.Done)
        {
            var status = _phase switch
            {
                Phase.StreamHeader => ReadStreamHeader(input, ref position),
                Phase.BlockHeader => ReadBlockHeader(input, ref position),
                Phase.StoredLength => ReadStoredLength(input, ref position),
                Phase.StoredBytes => CopyStored(input, ref position, output),
                Phase.DynamicCounts => ReadDynamicCounts(input, ref position),
                Phase.CodeLengthLengths => ReadCodeLengthLengths(input, ref position),
                Phase.CodeLengths => ReadCodeLengths(input, ref position),
                Phase.Symbols => ReadSymbols(input, ref position, output),
                Phase.Trailer => ReadTrailer(input, ref position, output),
                Phase.Done or _ => throw new InvalidOperationException("The stream is at its end."),
            };
            if (status == ParseStatus.Complete) continue;
            _taken += position;
            return status;
        }

        _taken += position;
        return ParseStatus.Complete;
    }

    private ParseStatus ReadStreamHeader(ReadOnlySpan<byte> input, ref int position)
    {
        if (!Need(16, input, ref position)) return ParseStatus.Incomplete;
        var method = (int)Take(8);
        var flags = (int)Take(8);
        if ((method & 0xf) != 8 || method >> 4 > 7 || ((method << 8) | flags) % 31 != 0) return Malformed("it does not begin with a zlib header");
        if ((flags & 0x20) != 0) return Malformed("it wants a preset dictionary");
        _phase = Phase.BlockHeader;
        return ParseStatus.Complete;
    }

    private ParseStatus ReadBlockHeader(ReadOnlySpan<byte> input, ref int position)
    {
        if (!Need(3, input, ref position)) return ParseStatus.Incomplete;
        _lastBlock = Take(1) != 0;
        switch (Take(2))
        {
            case 0:
                _phase = Phase.StoredLength;
                Take(_bitCount & 7);
                break;
            case 1:
                (_literals, _distances) = (DeflateAlphabets.FixedLiterals, DeflateAlphabets.FixedDistances);
                _phase = Phase.Symbols;
                break;
            case 2:
                _phase = Phase.DynamicCounts;
                break;
            default:
                return Malformed("a block has no known type");
        }

        return ParseStatus.Complete;
    }

    private ParseStatus ReadStoredLength(ReadOnlySpan<byte> input, ref int position)
    {
        if (!Need(32, input, ref position)) return ParseStatus.Incomplete;
        _storedLeft = (int)Take(16);
        if ((_storedLeft ^ 0xffff) != (int)Take(16)) return Malformed("the length of a stored block does not agree with its complement");
        _phase = Phase.StoredBytes;
        return ParseStatus.Complete;
    }

    private ParseStatus CopyStored(ReadOnlySpan<byte> input, ref int position, Span<byte> output)
    {
        if (_storedLeft > output.Length - Written) return MalformedTooLong();
        for (; _storedLeft > 0 && _bitCount >= 8; _storedLeft--) output[Written++] = (byte)Take(8);
        var run = Math.Min(_storedLeft, input.Length - position);
        input.Slice(position, run).CopyTo(output[Written..]);
        position += run;
        Written += run;
        _storedLeft -= run;
        if (_storedLeft > 0) return ParseStatus.Incomplete;
        EndBlock();
        return ParseStatus.Complete;
    }

    /// <summary>
    /// The inner loop. A symbol is looked at in whole before a bit of it is taken, so that running out of input in the
    /// middle of one needs no state of its own. Bits beyond the count are zero; a code found there is too long for the count.
    /// </summary>
    private ParseStatus ReadSymbols(ReadOnlySpan<byte> input, ref int position, Span<byte> output)
    {
        var literals = _literals.Entries;
        var distances = _distances.Entries;
        var (bits, count, written) = (_bits, _bitCount, Written);
        ParseStatus status;
        while (true)
        {
            if (count < LongestSymbolBits) Refill(input, ref position, ref bits, ref count);
            var entry = Find(literals, LiteralRootBits, bits);
            var used = HuffmanTable.Length(entry);
            if (HuffmanTable.Kind(entry) == HuffmanTable.KindLiteral)
            {
                if (used > count) goto Starved;
                if (written >= output.Length) goto TooLong;
                output[written++] = (byte)HuffmanTable.Value(entry);
                (bits, count) = (bits >> used, count - used);
                continue;
            }

            if (HuffmanTable.Kind(entry) == HuffmanTable.KindEnd)
            {
                if (used > count) goto Starved;
                (bits, count) = (bits >> used, count - used);
                EndBlock();
                status = ParseStatus.Complete;
                break;
            }

            if (HuffmanTable.Kind(entry) != HuffmanTable.KindBase) goto NoSuchCode;
            var length = HuffmanTable.Value(entry) + Extract(bits >> used, HuffmanTable.Extra(entry));
            used += HuffmanTable.Extra(entry);

            entry = Find(distances, DistanceRootBits, bits >> used);
            if (HuffmanTable.Kind(entry) != HuffmanTable.KindBase) goto NoSuchCode;
            used += HuffmanTable.Length(entry);
            var distance = HuffmanTable.Value(entry) + Extract(bits >> used, HuffmanTable.Extra(entry));
            used += HuffmanTable.Extra(entry);
            if (used > count) goto Starved;
            if (distance > written)
            {
                status = Malformed("it refers to bytes before its beginning");
                break;
            }

            if (length > output.Length - written) goto TooLong;
            Repeat(output, written, distance, length);
            written += length;
            (bits, count) = (bits >> used, count - used);
            continue;

        NoSuchCode:
            // With fewer bits than a symbol can have, the rest of the code may still be to come.
            if (count < LongestSymbolBits) goto Starved;
            status = Malformed("a code stands for nothing");
            break;
        TooLong:
            status = MalformedTooLong();
            break;
        Starved:
            status = ParseStatus.Incomplete;
            break;
        }

        (_bits, _bitCount, Written) = (bits, count, written);
        return status;
    }

    private ParseStatus ReadTrailer(ReadOnlySpan<byte> input, ref int position, Span<byte> output)
    {
        if (Written < output.Length) return Malformed($"it holds {Written} bytes, not the {output.Length} declared");
        Take(_bitCount & 7);
        if (!Need(32, input, ref position)) return ParseStatus.Incomplete;
        var adler = BinaryPrimitives.ReverseEndianness((uint)Take(32));
        if (adler != Adler32.Compute(output)) return Malformed("its checksum is wrong");
        _phase = Phase.Done;
        return ParseStatus.Complete;
    }

    private void EndBlock() => _phase = _lastBlock ? Phase.Trailer : Phase.BlockHeader;

    private ParseStatus MalformedTooLong() => Malformed("it holds more bytes than declared");

    private ParseStatus Malformed(string fault)
    {
        Fault = fault;
        return ParseStatus.Malformed;
    }

    private static void Repeat(Span<byte> output, int written, int distance, int length)
    {
        var from = output.Slice(written - distance, Math.Min(distance, length));
        var to = output.Slice(written, length);
        if (distance >= length)
        {
            from.CopyTo(to);
        }
        else if (distance == 1)
        {
            to.Fill(from[0]);
        }
        else
        {
            for (var n = 0; n < to.Length; n++) to[n] = output[written - distance + n];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Find(uint[] table, int rootBits, ulong bits)
    {
        var entry = table[(int)bits & ((1 << rootBits) - 1)];
        if (HuffmanTable.Kind(entry) != HuffmanTable.KindSubtable) return entry;
        return table[HuffmanTable.Value(entry) + Extract(bits >> rootBits, HuffmanTable.Extra(entry))];
    }

    private static int Extract(ulong bits, int count) => (int)bits & ((1 << count) - 1);

    private ulong Take(int count)
    {
        var value = _bits & ((1UL << count) - 1);
        _bits >>= count;
        _bitCount -= count;
        return value;
    }

    private bool Need(int count, ReadOnlySpan<byte> input, ref int position)
    {
        if (_bitCount < count) Refill(input, ref position);
        return _bitCount >= count;
    }

    private void Refill(ReadOnlySpan<byte> input, ref int position) => Refill(input, ref position, ref _bits, ref _bitCount);

    /// <summary>Brings the bit buffer to 56 bits or more, or to the end of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refill(ReadOnlySpan<byte> input, ref int position, ref ulong bits, ref int count)
    {
        if (input.Length - position >= sizeof(ulong))
        {
            var bytes = (63 - count) >> 3;
            bits |= (BinaryPrimitives.ReadUInt64LittleEndian(input[position..]) & ((1UL << (bytes * 8)) - 1)) << count;
            position += bytes;
            count += bytes * 8;
            return;
        }

        while (count <= 55 && position < input.Length)
        {
            bits |= (ulong)input[position++] << count;
            count += 8;
        }
    }
}
