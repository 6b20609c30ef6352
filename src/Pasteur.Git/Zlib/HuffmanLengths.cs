namespace Pasteur.Git.Zlib;

/// <summary>Code lengths for a Huffman code that writes symbols of known frequencies in the fewest bits, none longer than a limit.</summary>
internal static class HuffmanLengths
{
    private const int SymbolBits = 9;

    /// <summary>
    /// Sets the length of each symbol's code; 0 for one that does not occur. At least two symbols get a code, for inflaters that refuse
    /// a code that is not complete.
    /// </summary>
    /// <param name="frequencies">At most 511 symbols, each below 2²³ times.</param>
    public static void Set(ReadOnlySpan<uint> frequencies, int maxBits, Span<byte> lengths)
    {
        lengths.Clear();
        Span<uint> sorted = stackalloc uint[frequencies.Length];
        var used = 0;
        for (var symbol = 0; symbol < frequencies.Length; symbol++)
            if (frequencies[symbol] != 0) sorted[used++] = (frequencies[symbol] << SymbolBits) | (uint)symbol;
        for (var symbol = 0; used < 2; symbol++)
            if (frequencies[symbol] == 0) sorted[used++] = (uint)symbol;
        sorted = sorted[..used];
        sorted.Sort();

        Span<int> depths = stackalloc int[used];
        for (var n = 0; n < used; n++) depths[n] = (int)(sorted[n] >> SymbolBits);
        SetDepths(depths);

        Span<int> count = stackalloc int[maxBits + 1];
        Limit(depths, count);
        var next = 0;
        for (var bits = maxBits; bits > 0; bits--)
            for (var left = count[bits]; left > 0; left--) lengths[(int)sorted[next++] & ((1 << SymbolBits) - 1)] = (byte)bits;
    }

    /// <summary>
    /// Turns ascending frequencies into the depths of a minimal tree's leaves, in place (Moffat and Katajainen, "In-place calculation of
    /// minimum-redundancy codes", 1995).
    /// </summary>
    private static void SetDepths(Span<int> a)
    {
        // An inner node takes the place of a leaf that was joined: its weight first, then the number of its parent.
        var (leaf, root) = (0, 0);
        for (var next = 0; next < a.Length - 1; next++)
        {
            var weight = Take(a, next, ref leaf, ref root);
            a[next] = weight + Take(a, next, ref leaf, ref root);
        }

        // The parents' numbers become the depths of the inner nodes.
        a[^2] = 0;
        for (var next = a.Length - 3; next >= 0; next--) a[next] = a[a[next]] + 1;

        // At each depth, the nodes that are not inner ones are leaves.
        var (free, inner, leaves) = (1, a.Length - 2, a.Length - 1);
        for (var depth = 0; free > 0; depth++)
        {
            var taken = 0;
            for (; inner >= 0 && a[inner] == depth; inner--) taken++;
            for (; free > taken; free--) a[leaves--] = depth;
            free = 2 * taken;
        }
    }

    // The lighter of the next leaf and the next inner node without a parent.
    private static int Take(Span<int> a, int parent, ref int leaf, ref int root)
    {
        if (leaf < a.Length && (root >= parent || a[leaf] <= a[root])) return a[leaf++];
        var weight = a[root];
        a[root++] = parent;
        return weight;
    }

    /// <summary>Counts the codes of each length, those that are too long moved up: for each, a shorter code makes room by growing.</summary>
    private static void Limit(ReadOnlySpan<int> depths, Span<int> count)
    {
        var maxBits = count.Length - 1;
        var space = 0;
        foreach (var depth in depths)
        {
            var bits = Math.Min(depth, maxBits);
            count[bits]++;
            space += 1 << (maxBits - bits);
        }

        for (; space > 1 << maxBits; space--)
        {
            var bits = maxBits - 1;
            while (count[bits] == 0) bits--;
            count[maxBits]--;
            count[bits]--;
            count[bits + 1] += 2;
        }
    }
}
