using System.Net;
using Pasteur.Limiting;

namespace Pasteur.Tests.Limiting;

public class ClientNetworkTests
{
    [Theory]
    [InlineData("203.0.113.1", "203.0.113.255", true)]
    [InlineData("203.0.113.1", "203.0.112.1", false)]
    [InlineData("::ffff:203.0.113.1", "203.0.113.9", true)]
    [InlineData("2001:db8:1:200::1", "2001:db8:1:2ff:ffff:ffff:ffff:ffff", true)]   // a /56
    [InlineData("2001:db8:1:200::1", "2001:db8:1:300::1", false)]
    [InlineData("0.0.1.0", "::1:0:0:0", false)]                                     // the same bits of another family
    public void Clients_are_counted_with_their_network(string one, string other, bool together) =>
        Assert.Equal(together, ClientNetwork.Of(IPAddress.Parse(one)) == ClientNetwork.Of(IPAddress.Parse(other)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData(null)] // a UNIX socket
    public void This_machine_is_not_counted(string? address) =>
        Assert.Equal(ClientNetwork.None, ClientNetwork.Of(address is null ? null : IPAddress.Parse(address)));
}
