using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Pasteur.Git.Zlib;

/// <summary>Writes bits as DEFLATE packs them: the first goes to the lowest free bit of a byte (RFC 1951 section 3.1.1).</summary>
internal ref struct BitWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private int _written;
    private ulong _bits;
    private int _count;

    /// <summary>At most 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(uint value, int count)
    {
        _bits |= (ulong)value << _count;
        _count += count;
        if (_count < 32) return;
        BinaryPrimitives.WriteUInt32LittleEndian(_target[_written..], (uint)_bits);
        _written += sizeof(uint);
        _bits >>= 32;
        _count -= 32;
    }

    /// <summary>Two codes, each as its bits << 16 | their number, of at most 15 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WritePair(uint first, uint second) =>
        Write(first >> 16 | second >> 16 << (int)(first & 0xff), (int)(first & 0xff) + (int)(second & 0xff));

    /// <summary>Fills the last byte with zeros; returns how many bytes there are.</summary>
    public int Finish()
    {
        for (; _count > 0; _count -= 8, _bits >>= 8) _target[_written++] = (byte)_bits;
        return _written;
    }
}
