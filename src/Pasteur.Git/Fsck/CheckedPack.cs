using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Fsck;

/// <summary>A pack that is being verified, and what is known of its objects by now: a byte for each, in the order of the index.</summary>
internal sealed class CheckedPack(PackFile pack) : IDisposable
{
    private const byte KindBits = 0x07;
    private const byte ReachedBit = 0x80;

    private readonly byte[] _marks = new byte[pack.Count];

    public PackFile Pack => pack;

    /// <summary>Null: it was not read, or could not be.</summary>
    public ObjectKind? KindAt(int position) => (_marks[position] & KindBits) is var kind and not 0 ? (ObjectKind)kind : null;

    public void SetKind(int position, ObjectKind kind) => _marks[position] |= (byte)kind;

    public bool IsReached(int position) => (_marks[position] & ReachedBit) != 0;

    /// <summary>False when it was reached before.</summary>
    public bool Reach(int position)
    {
        if (IsReached(position)) return false;
        _marks[position] |= ReachedBit;
        return true;
    }

    public void Dispose() => pack.Dispose();
}
