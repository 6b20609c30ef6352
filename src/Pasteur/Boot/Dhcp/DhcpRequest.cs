using System.Buffers.Binary;
using System.Net;

namespace Pasteur.Boot.Dhcp;

/// <summary>What the machine asks a DHCP server.</summary>
/// <param name="Transaction">Chosen at random; the reply repeats it.</param>
internal sealed record DhcpRequest(DhcpMessageType Type, uint Transaction, byte[] HardwareAddress)
{
    /// <summary>The address that an offer had (RFC 2131, section 4.3.2: SELECTING); null otherwise.</summary>
    public IPAddress? Requested { get; init; }

    /// <summary>The server whose offer is taken; null otherwise.</summary>
    public IPAddress? Server { get; init; }

    /// <summary>The address that we have and want to keep (RENEWING, REBINDING); null when we have none yet.</summary>
    public IPAddress? Own { get; init; }

    public byte[] Encode()
    {
        var message = new byte[DhcpMessage.SmallestLength];
        message[0] = DhcpMessage.OperationRequest;
        message[1] = DhcpMessage.HardwareEthernet;
        message[2] = DhcpMessage.HardwareAddressLength;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(DhcpMessage.TransactionAt), Transaction);
        // Without an address, only what is sent to all reaches us.
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(DhcpMessage.FlagsAt), Own is null ? DhcpMessage.FlagBroadcast : (ushort)0);
        Own?.TryWriteBytes(message.AsSpan(DhcpMessage.ClientAddressAt), out _);
        HardwareAddress.CopyTo(message.AsSpan(DhcpMessage.HardwareAddressAt));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(DhcpMessage.CookieAt), DhcpMessage.Cookie);

        var at = DhcpMessage.OptionsAt;
        Add(DhcpOption.MessageType, [(byte)Type]);
        if (Requested is not null) Add(DhcpOption.RequestedAddress, Requested.GetAddressBytes());
        if (Server is not null) Add(DhcpOption.ServerIdentifier, Server.GetAddressBytes());
        Add(DhcpOption.MaxMessageSize, [DhcpMessage.LargestLength >> 8, DhcpMessage.LargestLength & 0xFF]);
        Add(DhcpOption.ParameterList, [DhcpOption.SubnetMask, DhcpOption.Router, DhcpOption.NameServers, DhcpOption.TimeServers, DhcpOption.LeaseTime, DhcpOption.RenewalTime, DhcpOption.RebindingTime]);
        message[at] = DhcpOption.End;
        return message;

        void Add(byte code, ReadOnlySpan<byte> value)
        {
            message[at] = code;
            message[at + 1] = (byte)value.Length;
            value.CopyTo(message.AsSpan(at + 2));
            at += 2 + value.Length;
        }
    }
}
