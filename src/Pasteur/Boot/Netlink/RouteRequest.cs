using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pasteur.Boot.Netlink;

/// <summary>
/// One request to the kernel about links, addresses and routes (rtnetlink(7)), in the machine's byte order, which is little-endian:
/// <code>
/// nlmsghdr   length u32 · type u16 · flags u16 · sequence u32 · port 0 u32
/// body       ifinfomsg, ifaddrmsg or rtmsg
/// attributes length u16 (of header and value) · type u16 · value · padding to 4
/// </code>
/// </summary>
internal readonly struct RouteRequest
{
    public const int MaxLength = 128;
    public const int HeaderLength = 16;

    // linux/rtnetlink.h
    private const ushort NewLink = 16, NewAddress = 20, NewRoute = 24;
    private const ushort FlagRequest = 1, FlagAcknowledge = 4, FlagReplace = 0x100, FlagCreate = 0x400;
    private const uint InterfaceUp = 1;
    private const byte FamilyIpv4 = 2, FamilyIpv6 = 10;
    private const byte NoDuplicateDetection = 0x02;
    private const ushort AddressLocal = 2, AddressAddress = 1;
    private const ushort RouteOutgoing = 4, RouteGateway = 5;
    private const byte TableMain = 254, ProtocolBoot = 3, RouteUnicast = 1;
    private const uint GatewayOnLink = 4;

    private readonly byte[] _bytes;

    private RouteRequest(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public uint Sequence => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(8));

    /// <summary>ifinfomsg: family u8 · pad u8 · type u16 · index i32 · flags u32 · which flags to change u32.</summary>
    public static RouteRequest LinkUp(uint sequence, int link)
    {
        Span<byte> body = stackalloc byte[16];
        body.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], link);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], InterfaceUp);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], InterfaceUp);
        return Make(NewLink, sequence, body, []);
    }

    /// <summary>ifaddrmsg: family u8 · prefix length u8 · flags u8 · scope u8 · index u32. An IPv6 address is usable at once: the owner chose it.</summary>
    public static RouteRequest AddAddress(uint sequence, int link, IPAddress address, int prefixLength)
    {
        Span<byte> body = stackalloc byte[8];
        body.Clear();
        body[0] = FamilyOf(address);
        body[1] = (byte)prefixLength;
        body[2] = address.AddressFamily == AddressFamily.InterNetworkV6 ? NoDuplicateDetection : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], link);
        var value = address.GetAddressBytes();
        return Make(NewAddress, sequence, body, [(AddressLocal, value), (AddressAddress, value)]);
    }

    /// <summary>
    /// rtmsg: family u8 · destination's length u8 (0: every address) · source's length u8 · tos u8 · table u8 · protocol u8 · scope u8 · type u8 · flags u32.
    /// </summary>
    public static RouteRequest AddDefaultRoute(uint sequence, int link, IPAddress gateway)
    {
        Span<byte> body = stackalloc byte[12];
        body.Clear();
        body[0] = FamilyOf(gateway);
        body[4] = TableMain;
        body[5] = ProtocolBoot;
        body[7] = RouteUnicast;
        // Some networks give a machine an address of 32 bits and a gateway outside of it: on this link it is.
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], GatewayOnLink);
        var index = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(index, link);
        return Make(NewRoute, sequence, body, [(RouteGateway, gateway.GetAddressBytes()), (RouteOutgoing, index)]);
    }

    private static byte FamilyOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? FamilyIpv6 : FamilyIpv4;

    private static RouteRequest Make(ushort type, uint sequence, ReadOnlySpan<byte> body, ReadOnlySpan<(ushort Type, byte[] Value)> attributes)
    {
        Span<byte> message = stackalloc byte[MaxLength];
        message.Clear();
        body.CopyTo(message[HeaderLength..]);
        var length = HeaderLength + body.Length;
        foreach (var (attribute, value) in attributes)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(message[length..], (ushort)(4 + value.Length));
            BinaryPrimitives.WriteUInt16LittleEndian(message[(length + 2)..], attribute);
            value.CopyTo(message[(length + 4)..]);
            length += (4 + value.Length + 3) & ~3;
        }
        BinaryPrimitives.WriteInt32LittleEndian(message, length);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], type);
        var create = type == NewLink ? (ushort)0 : (ushort)(FlagCreate | FlagReplace);
        BinaryPrimitives.WriteUInt16LittleEndian(message[6..], (ushort)(FlagRequest | FlagAcknowledge | create));
        BinaryPrimitives.WriteUInt32LittleEndian(message[8..], sequence);
        return new RouteRequest(message[..length].ToArray());
    }
}
