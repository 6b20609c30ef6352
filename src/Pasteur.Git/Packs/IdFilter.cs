using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// Says of most ids that are not in a set that they are not, after one look at memory: a Bloom filter whose bits for an id stand in one
/// cache line. A store has tens of packs, and an object is in one of them.
/// </summary>
/// <remarks>
/// Shape: blocks of 512 bits, one for each 51 ids, six bits for an id; the id's own bits choose block and bits, for ids are digests already.
/// Its first bits choose the block: an index holds ids in their order, so what is added next is in the same line or the one behind it.
/// About one id in fifty that is not there is not recognised as such.
/// </remarks>
internal sealed class IdFilter
{
    private const int WordsInBlock = 8;
    private const int IdsInBlock = 51;
    private const int BitsOfId = 6;
    private const int PlaceBits = 9;

    private readonly ulong[] _words;
    private readonly uint _blocks;

    /// <param name="capacity">How many ids will be added.</param>
    public IdFilter(int capacity)
    {
        _blocks = (uint)(capacity / IdsInBlock) + 1;
        _words = new ulong[_blocks * WordsInBlock];
    }

    public void Add(ObjectId id)
    {
        var block = BlockOf(id);
        var places = id.MiddleBits;
        for (var n = 0; n < BitsOfId; n++, places >>= PlaceBits) block[WordOf(places)] |= 1UL << (int)(places & 63);
    }

    /// <summary>Has the processor fetch the line that will be looked at. Who asks many filters tells them all first, and then waits once instead of for each.</summary>
    public unsafe void Foresee(ObjectId id)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref MemoryMarshal.GetReference(BlockOf(id))));
    }

    /// <summary>False: it was never added.</summary>
    public bool MayContain(ObjectId id)
    {
        var block = BlockOf(id);
        var places = id.MiddleBits;
        // No branch goes by a bit: half of them are set, so that every other guess would be wrong.
        var all = 1UL;
        for (var n = 0; n < BitsOfId; n++, places >>= PlaceBits) all &= block[WordOf(places)] >> (int)(places & 63);
        return (all & 1) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<ulong> BlockOf(ObjectId id) => _words.AsSpan((int)Math.BigMul(id.FirstBits, _blocks, out _) * WordsInBlock, WordsInBlock);

    private static int WordOf(ulong places) => (int)(places >> 6) & (WordsInBlock - 1);
}
