using System.Buffers.Binary;

namespace Pasteur.Configuration;

/// <summary>What is drawn while the program starts: by the kernel, without OpenSSL, whose own start takes longer than all else that precedes the first answer.</summary>
internal static class EarlyRandom
{
    /// <summary>The last eight bytes of a GUID, but for the two bits that say which kind it is (RFC 9562, section 5.4).</summary>
    public static ulong Draw62Bits()
    {
        Span<byte> guid = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(guid);
        return BinaryPrimitives.ReadUInt64BigEndian(guid[8..]) & ((1UL << 62) - 1);
    }
}
