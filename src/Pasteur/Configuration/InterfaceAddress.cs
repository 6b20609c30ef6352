using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pasteur.Configuration;

/// <summary>An address of a network card and how many of its leading bits are those of the network: <c>10.0.0.3/24</c>, <c>fd00::3/64</c>.</summary>
internal sealed record InterfaceAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>Whether another machine's address is in the same network, so that it can be reached without a gateway.</summary>
    public bool IsOnLink(IPAddress other) =>
        other.AddressFamily == Address.AddressFamily && NetworkOf(other.GetAddressBytes()).SequenceEqual(NetworkOf(Address.GetAddressBytes()));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");

    /// <summary>Null: it is no address of that family with a length.</summary>
    public static InterfaceAddress? Parse(string text, AddressFamily family)
    {
        var bits = family == AddressFamily.InterNetwork ? 32 : 128;
        return text.Split('/') is [var host, var length]
            && ParseAddress(host, family) is { } address
            && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) && prefix is > 0 && prefix <= bits
            ? new InterfaceAddress(address, prefix)
            : null;
    }

    /// <summary>An address that one machine can have, written in full: not 10.1, not 0.0.0.0, not 224.0.0.1.</summary>
    public static IPAddress? ParseAddress(string text, AddressFamily family)
    {
        var isWritten = family == AddressFamily.InterNetwork
            ? text.Count(c => c == '.') == 3 && text.All(c => char.IsAsciiDigit(c) || c == '.')
            : text.Contains(':', StringComparison.Ordinal) && !text.Contains('%', StringComparison.Ordinal);
        if (!isWritten || !IPAddress.TryParse(text, out var address) || address.AddressFamily != family)
            return null;
        var first = address.GetAddressBytes()[0];
        var isOfOne = family == AddressFamily.InterNetwork
            ? first is > 0 and < 224 and not 127
            : !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.IPv6Loopback);
        return isOfOne ? address : null;
    }

    private byte[] NetworkOf(byte[] address)
    {
        for (var bit = PrefixLength; bit < address.Length * 8; bit++)
            address[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return address;
    }
}
