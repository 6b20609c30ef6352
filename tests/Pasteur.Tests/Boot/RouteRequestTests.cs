using System.Net;
using Pasteur.Boot.Netlink;

namespace Pasteur.Tests.Boot;

/// <summary>Bytes as linux/rtnetlink.h lays them out; that the kernel takes them is shown in Pasteur.Interop.</summary>
public sealed class RouteRequestTests
{
    [Fact]
    public void Link_is_set_up_and_nothing_else_of_it_is_changed() => Same(
        """
        20000000 1000 0500 07000000 00000000
        00 00 0000 03000000 01000000 01000000
        """,
        RouteRequest.LinkUp(7, 3));

    [Fact]
    public void Ipv4_address_is_both_local_and_address() => Same(
        """
        28000000 1400 0505 01000000 00000000
        02 18 00 00 02000000
        0800 0200 0a00020f  0800 0100 0a00020f
        """,
        RouteRequest.AddAddress(1, 2, IPAddress.Parse("10.0.2.15"), 24));

    [Fact]
    public void Ipv6_address_is_usable_at_once() => Same(
        """
        40000000 1400 0505 01000000 00000000
        0a 40 02 00 02000000
        1400 0200 fd000000000000000000000000000003
        1400 0100 fd000000000000000000000000000003
        """,
        RouteRequest.AddAddress(1, 2, IPAddress.Parse("fd00::3"), 64));

    [Fact]
    public void Default_route_goes_through_the_gateway_on_that_link() => Same(
        """
        2c000000 1800 0505 09000000 00000000
        02 00 00 00 fe 03 00 01 04000000
        0800 0500 0a000202  0800 0400 02000000
        """,
        RouteRequest.AddDefaultRoute(9, 2, IPAddress.Parse("10.0.2.2")));

    [Theory]
    [InlineData("24000000 0200 0000 05000000 00000000 00000000 00000000000000000000000000000000", 0)]
    [InlineData("24000000 0200 0000 05000000 00000000 9bffffff 00000000000000000000000000000000", 101)]
    [InlineData("14000000 0200 0000 05000000 00000000 efffffff", 17)]
    public void Answer_is_the_errno(string answer, int errno) => Assert.Equal(errno, RouteAnswer.Read(Bytes(answer), 5));

    [Theory]
    [InlineData("")]
    [InlineData("24000000 0200 0000 06000000 00000000 00000000")] // to another request
    [InlineData("24000000 0300 0000 05000000 00000000 00000000")] // no NLMSG_ERROR
    [InlineData("24000000 0200 0000 05000000 00000000 000000")] // cut
    [InlineData("24000000 0200 0000 05000000 00000000 05000000")] // no error is positive
    [InlineData("24000000 0200 0000 05000000 00000000 00000080")]
    public void What_is_no_answer_to_the_request_is_none(string answer) => Assert.Null(RouteAnswer.Read(Bytes(answer), 5));

    private static void Same(string expected, RouteRequest request) =>
        Assert.Equal(Convert.ToHexStringLower(Bytes(expected)), Convert.ToHexStringLower(request.Bytes));

    private static byte[] Bytes(string hex) => Convert.FromHexString(string.Concat(hex.Where(c => !char.IsWhiteSpace(c))));
}
