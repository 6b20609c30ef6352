using System.Buffers.Binary;

namespace Pasteur.Boot.Dhcp;

/// <summary>
/// The layout that requests and replies share (RFC 2131, section 2; options: RFC 2132). Numbers are big-endian.
/// <code>
/// op u8 · htype u8 · hlen u8 · hops u8 · xid u32 · secs u16 · flags u16
/// ciaddr 4 · yiaddr 4 · siaddr 4 · giaddr 4 · chaddr 16 · sname 64 · file 128
/// cookie 63 82 53 63 · options: code u8 · length u8 · value, or 0 (padding), or 255 (the end)
/// </code>
/// </summary>
internal static class DhcpMessage
{
    public const int ServerPort = 67, ClientPort = 68;
    public const int HardwareAddressLength = 6;

    public const byte OperationRequest = 1, OperationReply = 2, HardwareEthernet = 1;
    public const ushort FlagBroadcast = 0x8000;
    public const uint Cookie = 0x63825363;

    public const int TransactionAt = 4, FlagsAt = 10, ClientAddressAt = 12, YourAddressAt = 16, HardwareAddressAt = 28, CookieAt = 236, OptionsAt = 240;

    /// <summary>Relays and servers of BOOTP drop what is shorter (RFC 1542, section 2.1).</summary>
    public const int SmallestLength = 300;

    /// <summary>Of what a server may send us: an Ethernet frame holds no more.</summary>
    public const int LargestLength = 1500;

    public static uint TransactionOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt32BigEndian(message[TransactionAt..]);
}

/// <summary>Codes of options (RFC 2132), and of <see cref="MessageType"/> their values.</summary>
internal static class DhcpOption
{
    public const byte Padding = 0, SubnetMask = 1, Router = 3, NameServers = 6, TimeServers = 42, RequestedAddress = 50, LeaseTime = 51, MessageType = 53,
        ServerIdentifier = 54, ParameterList = 55, MaxMessageSize = 57, RenewalTime = 58, RebindingTime = 59, End = 255;
}

/// <summary>RFC 2132, section 9.6.</summary>
internal enum DhcpMessageType
{
    Discover = 1,
    Offer = 2,
    Request = 3,
    Decline = 4,
    Acknowledge = 5,
    Refuse = 6,
    Release = 7,
    Inform = 8,
}
