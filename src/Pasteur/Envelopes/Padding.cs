using System.Buffers.Binary;
using System.Numerics;

namespace Pasteur.Envelopes;

/// <summary>
/// Hides how long the content is, but for the highest bits of its length (Padmé; Nikitin et al., 2019):
/// <code>
/// length:4    of packed, big-endian
/// packed
/// zeros       up to the next length that is told
/// </code>
/// </summary>
internal static class Padding
{
    private const int LengthBytes = 4;
    private const int Least = 256;

    public static byte[] Pad(ReadOnlySpan<byte> packed)
    {
        var padded = new byte[PaddedLength(LengthBytes + packed.Length)];
        BinaryPrimitives.WriteInt32BigEndian(padded, packed.Length);
        packed.CopyTo(padded.AsSpan(LengthBytes));
        return padded;
    }

    /// <summary>Null when the length is none.</summary>
    public static ArraySegment<byte>? Unpad(byte[] padded)
    {
        if (padded.Length < LengthBytes) return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(padded);
        return length <= padded.Length - LengthBytes ? new ArraySegment<byte>(padded, LengthBytes, (int)length) : (ArraySegment<byte>?)null;
    }

    /// <summary>With E = ⌊log₂ L⌋ and S = ⌊log₂ E⌋ + 1: up to the next multiple of 2^(E − S).</summary>
    public static int PaddedLength(int length)
    {
        length = Math.Max(length, Least);
        var e = BitOperations.Log2((uint)length);
        var s = BitOperations.Log2((uint)e) + 1;
        var step = 1 << (e - s);
        return checked(length + step - 1) & -step;
    }
}
