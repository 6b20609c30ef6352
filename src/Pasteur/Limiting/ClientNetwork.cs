using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pasteur.Limiting;

/// <summary>
/// The network that a client is counted with: of IPv4 a /24, of IPv6 a /56, since that is the least that one household or server is given.
/// It fits a number, so that a table of them holds no objects.
/// <code>
/// bits 63…56  1 for IPv4, 2 for IPv6, 0 for nobody who is counted
/// bits 55…0   the first bits of the address
/// </code>
/// </summary>
internal static class ClientNetwork
{
    /// <summary>Who is not counted.</summary>
    public const ulong None = 0;

    private const int LongestAddress = 16;

    /// <summary>
    /// <see cref="None"/> for this machine itself and for UNIX sockets (null): what comes from there is the owner's own, or a proxy that
    /// nobody named, and were that one client, its worst visitor would lock out all others.
    /// </summary>
    public static ulong Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[LongestAddress];
        if (address is null || IPAddress.IsLoopback(address) || !address.TryWriteBytes(bytes, out _)) return None;
        if (address.AddressFamily == AddressFamily.InterNetwork) return OfV4(bytes);
        return address.IsIPv4MappedToIPv6 ? OfV4(bytes[12..]) : (2UL << 56) | (BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 8);
    }

    private static ulong OfV4(ReadOnlySpan<byte> bytes) => (1UL << 56) | (BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8);
}
