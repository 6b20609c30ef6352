using System.Buffers.Binary;
using System.Net;
using System.Numerics;

namespace Pasteur.Boot.Dhcp;

/// <summary>What a DHCP server answers, as far as the machine uses it. Read by <see cref="Read"/> from bytes that anybody on the network may have sent.</summary>
internal sealed record DhcpReply
{
    private const int AddressLength = 4;
    private const int MaxServers = 3;

    public required DhcpMessageType Type { get; init; }

    public required IPAddress Address { get; init; }

    public required IPAddress Server { get; init; }

    /// <summary>Leading bits of the network; 32 when the server doesn't say.</summary>
    public int PrefixLength { get; init; } = 32;

    public IPAddress? Router { get; init; }

    public IReadOnlyList<IPAddress> NameServers { get; init; } = [];

    public IReadOnlyList<IPAddress> TimeServers { get; init; } = [];

    /// <summary>Null: for ever.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>When to ask the server to prolong it (T1); half of the lease when the server doesn't say.</summary>
    public TimeSpan? Renewal { get; init; }

    /// <summary>When to ask any server (T2); seven eighths of the lease when the server doesn't say.</summary>
    public TimeSpan? Rebinding { get; init; }

    /// <summary>Null when it is malformed, or not the answer to that request.</summary>
    public static DhcpReply? Read(ReadOnlySpan<byte> message, uint transaction, ReadOnlySpan<byte> hardwareAddress)
    {
        if (message.Length is < DhcpMessage.OptionsAt or > DhcpMessage.LargestLength
            || message[0] != DhcpMessage.OperationReply
            || DhcpMessage.TransactionOf(message) != transaction
            || !message.Slice(DhcpMessage.HardwareAddressAt, hardwareAddress.Length).SequenceEqual(hardwareAddress)
            || BinaryPrimitives.ReadUInt32BigEndian(message[DhcpMessage.CookieAt..]) != DhcpMessage.Cookie
            || ReadOptions(message[DhcpMessage.OptionsAt..]) is not { } options
            || options.GetValueOrDefault(DhcpOption.MessageType) is not [var type]
            || options.GetValueOrDefault(DhcpOption.ServerIdentifier) is not { Length: AddressLength } server)
            return null;
        var kind = (DhcpMessageType)type;
        var address = new IPAddress(message.Slice(DhcpMessage.YourAddressAt, AddressLength));
        if (kind is not (DhcpMessageType.Offer or DhcpMessageType.Acknowledge or DhcpMessageType.Refuse)
            || (kind != DhcpMessageType.Refuse && message[DhcpMessage.YourAddressAt] is 0 or 127 or >= 224))
            return null;
        var lease = Duration(options, DhcpOption.LeaseTime);
        return new DhcpReply
        {
            Type = kind,
            Address = address,
            Server = new IPAddress(server),
            PrefixLength = options.GetValueOrDefault(DhcpOption.SubnetMask) is { Length: AddressLength } mask ? PrefixOf(mask) : 32,
            Router = Addresses(options, DhcpOption.Router).FirstOrDefault(),
            NameServers = Addresses(options, DhcpOption.NameServers),
            TimeServers = Addresses(options, DhcpOption.TimeServers),
            Lease = lease,
            Renewal = Earlier(Duration(options, DhcpOption.RenewalTime) ?? lease / 2, lease),
            Rebinding = Earlier(Duration(options, DhcpOption.RebindingTime) ?? lease * 0.875, lease),
        };
    }

    // An option may be split; its parts belong together (RFC 3396). Null: one runs beyond the end.
    private static Dictionary<byte, byte[]>? ReadOptions(ReadOnlySpan<byte> rest)
    {
        var options = new Dictionary<byte, byte[]>();
        while (rest is [not DhcpOption.End, ..])
        {
            if (rest[0] == DhcpOption.Padding)
            {
                rest = rest[1..];
                continue;
            }
            if (rest.Length < 2 || rest.Length < 2 + rest[1])
                return null;
            byte[] earlier = options.GetValueOrDefault(rest[0]) ?? [];
            options[rest[0]] = [.. earlier, .. rest.Slice(2, rest[1])];
            rest = rest[(2 + rest[1])..];
        }
        return options;
    }

    private static int PrefixOf(ReadOnlySpan<byte> mask) => BitOperations.LeadingZeroCount(~BinaryPrimitives.ReadUInt32BigEndian(mask));

    private static IPAddress[] Addresses(Dictionary<byte, byte[]> options, byte code) =>
        options.GetValueOrDefault(code) is { } value
            ? [.. value.Chunk(AddressLength).Where(part => part.Length == AddressLength && part[0] is > 0 and < 224).Take(MaxServers).Select(part => new IPAddress(part))]
            : [];

    // All ones are "for ever" (RFC 2131, section 3.3).
    private static TimeSpan? Duration(Dictionary<byte, byte[]> options, byte code) =>
        options.GetValueOrDefault(code) is { Length: 4 } value && BinaryPrimitives.ReadUInt32BigEndian(value) is not uint.MaxValue and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static TimeSpan? Earlier(TimeSpan? time, TimeSpan? lease) => time is null || lease is null ? null : time < lease ? time : lease;
}
