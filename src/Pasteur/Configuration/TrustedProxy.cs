using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pasteur.Configuration;

/// <summary>Proxies that are believed: those of a network, or those that come over a UNIX socket.</summary>
internal sealed record TrustedProxy
{
    private const string UnixWord = "unix";

    private readonly IPNetwork? _network;

    private TrustedProxy(IPNetwork? network) => _network = network;

    public static Parsed<TrustedProxy> Parse(string text)
    {
        if (text == UnixWord)
            return Parsed.Ok(new TrustedProxy(network: null));
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = SettingValues.ServerAddress(slash < 0 ? text : text[..slash]);
        if (!address.IsOk)
            return Parsed.Bad<TrustedProxy>("is not a network; give one such as 10.0.0.0/8, an address, or unix");
        var bits = address.Value.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
            return Parsed.Bad<TrustedProxy>($"is not a network; what stands behind / is a number from 0 to {bits}");
        var start = Start(address.Value, length);
        return start.Equals(address.Value)
            ? Parsed.Ok(new TrustedProxy(new IPNetwork(start, length)))
            : Parsed.Bad<TrustedProxy>($"is an address within a network; for the network give {start}/{length}, for the address leave /{length} out");
    }

    /// <param name="peer">Null for one on a UNIX socket.</param>
    public bool Contains(IPAddress? peer) =>
        peer is null ? _network is null : _network is { } network && network.Contains(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);

    public override string ToString() => _network?.ToString() ?? UnixWord;

    private static IPAddress Start(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (8 * i), 0, 8));
        return new IPAddress(bytes);
    }
}
