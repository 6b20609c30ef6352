using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pasteur.Configuration;

/// <summary>A network as people write it, or one address: 203.0.113.0/24, 2001:db8::/32, 203.0.113.7.</summary>
internal sealed record AddressRange
{
    private readonly IPNetwork _network;

    private AddressRange(IPNetwork network) => _network = network;

    /// <summary>Any address of a network stands for it.</summary>
    public static Parsed<AddressRange> Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = SettingValues.ServerAddress(slash < 0 ? text : text[..slash]);
        if (!address.IsOk) return Parsed.Bad<AddressRange>("is not a network; give one such as 203.0.113.0/24, or an address");
        var bytes = (address.Value.IsIPv4MappedToIPv6 ? address.Value.MapToIPv4() : address.Value).GetAddressBytes();
        var length = 8 * bytes.Length;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > 8 * bytes.Length))
            return Parsed.Bad<AddressRange>($"is not a network; what stands behind / is a number from 0 to {8 * bytes.Length}");
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (8 * i), 0, 8));
        return Parsed.Ok(new AddressRange(new IPNetwork(new IPAddress(bytes), length)));
    }

    public bool Contains(IPAddress address) => _network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>It has addresses of this machine in it: to bar it could bar a proxy, and with it everybody.</summary>
    public bool HasThisMachine => Contains(IPAddress.Loopback) || Contains(IPAddress.IPv6Loopback) ||
        (IPAddress.IsLoopback(_network.BaseAddress) && _network.BaseAddress.AddressFamily is AddressFamily.InterNetwork);

    public override string ToString() => _network.ToString();
}
