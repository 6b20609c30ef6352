using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public class TrustedProxyTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.128/25", "192.0.2.127", false)]
    [InlineData("0.0.0.0/0", "198.51.100.1", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("fd00::/64", "fd00::dead", true)]
    [InlineData("fd00::/64", "fd00:0:0:1::", false)]
    [InlineData("localhost", "127.0.0.1", true)]
    [InlineData("unix", "127.0.0.1", false)]
    [InlineData("unix", null, true)]
    [InlineData("0.0.0.0/0", null, false)]
    public void A_network_holds_its_addresses_and_no_others(string network, string? peer, bool expected) =>
        Assert.Equal(expected, TrustedProxy.Parse(network).Value!.Contains(peer is null ? null : IPAddress.Parse(peer)));
}
