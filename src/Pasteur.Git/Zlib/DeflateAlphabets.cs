namespace Pasteur.Git.Zlib;

/// <summary>The alphabets of DEFLATE as table entries (RFC 1951 sections 3.2.5 to 3.2.7).</summary>
internal static class DeflateAlphabets
{
    public const int EndOfBlock = 256;
    public const int MaxLiterals = 286;
    public const int MaxDistances = 30;
    public const int CodeLengthCodes = 19;

    /// <summary>Literals, end of block, lengths; 286 and 287 have codes in the fixed table but no meaning.</summary>
    public static readonly uint[] Literals = MakeLiterals();

    /// <summary>Distances; 30 and 31 likewise.</summary>
    public static readonly uint[] Distances = MakeDistances();

    public static readonly uint[] CodeLengths = [.. Enumerable.Range(0, CodeLengthCodes).Select(n => HuffmanTable.Symbol(HuffmanTable.KindLiteral, n))];

    public static readonly byte[] FixedLiteralLengths = [.. Enumerable.Range(0, 288).Select(n => (byte)(n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8))];

    public static readonly byte[] FixedDistanceLengths = [.. Enumerable.Repeat((byte)5, 32)];

    public static readonly HuffmanTable FixedLiterals = MakeFixed(ZlibInflater.LiteralRootBits, FixedLiteralLengths, Literals);

    public static readonly HuffmanTable FixedDistances = MakeFixed(ZlibInflater.DistanceRootBits, FixedDistanceLengths, Distances);

    /// <summary>The order in which the code lengths of the code length alphabet are sent.</summary>
    public static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private static uint[] MakeLiterals()
    {
        var symbols = new uint[288];
        for (var n = 0; n < EndOfBlock; n++) symbols[n] = HuffmanTable.Symbol(HuffmanTable.KindLiteral, n);
        symbols[EndOfBlock] = HuffmanTable.Symbol(HuffmanTable.KindEnd, 0);
        var length = 3;
        for (var n = 257; n < 285; n++)
        {
            var extra = n < 265 ? 0 : (n - 261) / 4;
            symbols[n] = HuffmanTable.Symbol(HuffmanTable.KindBase, length, extra);
            length += 1 << extra;
        }

        symbols[285] = HuffmanTable.Symbol(HuffmanTable.KindBase, 258);
        return symbols;
    }

    private static uint[] MakeDistances()
    {
        var symbols = new uint[32];
        var distance = 1;
        for (var n = 0; n < MaxDistances; n++)
        {
            var extra = n < 4 ? 0 : (n / 2) - 1;
            symbols[n] = HuffmanTable.Symbol(HuffmanTable.KindBase, distance, extra);
            distance += 1 << extra;
        }

        return symbols;
    }

    private static HuffmanTable MakeFixed(int rootBits, byte[] lengths, uint[] alphabet)
    {
        var table = new HuffmanTable(rootBits);
        if (!table.TryBuild(lengths, alphabet, mayBeIncomplete: false)) throw new InvalidOperationException("The fixed code of RFC 1951 is complete.");
        return table;
    }
}
