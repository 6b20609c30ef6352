namespace Pasteur.Git.Zlib;

/// <summary>The codes that a dynamic block brings along.</summary>
/// <remarks>
/// Layout (RFC 1951 section 3.2.7):
/// <code>
/// | HLIT 5 | HDIST 5 | HCLEN 4 | (HCLEN + 4) × 3: lengths of the code length code | HLIT + 257 code lengths | HDIST + 1 code lengths |
/// </code>
/// </remarks>
internal sealed partial class ZlibInflater
{
    private ParseStatus ReadDynamicCounts(ReadOnlySpan<byte> input, ref int position)
    {
        if (!Need(14, input, ref position)) return ParseStatus.Incomplete;
        _literalCount = (int)Take(5) + 257;
        _distanceCount = (int)Take(5) + 1;
        _codeLengthCount = (int)Take(4) + 4;
        if (_literalCount > DeflateAlphabets.MaxLiterals || _distanceCount > DeflateAlphabets.MaxDistances) return Malformed("a block declares too many symbols");
        _lengthsRead = 0;
        Array.Clear(_codeLengthLengths);
        _phase = Phase.CodeLengthLengths;
        return ParseStatus.Complete;
    }

    private ParseStatus ReadCodeLengthLengths(ReadOnlySpan<byte> input, ref int position)
    {
        for (; _lengthsRead < _codeLengthCount; _lengthsRead++)
        {
            if (!Need(3, input, ref position)) return ParseStatus.Incomplete;
            _codeLengthLengths[DeflateAlphabets.CodeLengthOrder[_lengthsRead]] = (byte)Take(3);
        }

        if (!_codeLengths.TryBuild(_codeLengthLengths, DeflateAlphabets.CodeLengths, mayBeIncomplete: false)) return Malformed("the code of a block's code lengths is not complete");
        _lengthsRead = 0;
        _phase = Phase.CodeLengths;
        return ParseStatus.Complete;
    }

    /// <summary>Code lengths, run-length coded: 16 repeats the last one 3-6 times, 17 and 18 are 3-10 and 11-138 zeros.</summary>
    private ParseStatus ReadCodeLengths(ReadOnlySpan<byte> input, ref int position)
    {
        var total = _literalCount + _distanceCount;
        while (_lengthsRead < total)
        {
            Refill(input, ref position);
            var entry = _codeLengths.Entries[(int)_bits & 0x7f];
            var symbol = HuffmanTable.Value(entry);
            var extra = symbol switch { 16 => 2, 17 => 3, 18 => 7, _ => 0 };
            if (HuffmanTable.Length(entry) + extra > _bitCount) return ParseStatus.Incomplete;
            Take(HuffmanTable.Length(entry));
            if (symbol < 16)
            {
                _lengths[_lengthsRead++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && _lengthsRead == 0) return Malformed("a block's code lengths begin with a repetition");
            var value = symbol == 16 ? _lengths[_lengthsRead - 1] : (byte)0;
            var run = (int)Take(extra) + (symbol == 18 ? 11 : 3);
            if (run > total - _lengthsRead) return Malformed("a block has more code lengths than symbols");
            _lengths.AsSpan(_lengthsRead, run).Fill(value);
            _lengthsRead += run;
        }

        return BuildDynamicTables();
    }

    private ParseStatus BuildDynamicTables()
    {
        var lengths = _lengths.AsSpan(0, _literalCount + _distanceCount);
        if (lengths[DeflateAlphabets.EndOfBlock] == 0) return Malformed("a block has no code for its end");
        if (!_dynamicLiterals.TryBuild(lengths[.._literalCount], DeflateAlphabets.Literals, mayBeIncomplete: true)
            || !_dynamicDistances.TryBuild(lengths[_literalCount..], DeflateAlphabets.Distances, mayBeIncomplete: true))
        {
            return Malformed("a block's Huffman code is not complete");
        }

        (_literals, _distances) = (_dynamicLiterals, _dynamicDistances);
        _phase = Phase.Symbols;
        return ParseStatus.Complete;
    }
}
