using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class MachineSettingsTests
{
    /// <summary>The command line of a machine, then the one line of complaint.</summary>
    public static TheoryData<string, string> BadOptions => new()
    {
        { "--ipv4 10.0.0.3", "--ipv4 \"10.0.0.3\" is not an IPv4 address with the length of its network; give one such as 10.0.0.3/24, dhcp or none" },
        { "--ipv4 10.0.0.3/33", "--ipv4 \"10.0.0.3/33\" is not" },
        { "--ipv4 10.0.0.3/0", "--ipv4" },
        { "--ipv4 10.0.0.3/", "--ipv4" },
        { "--ipv4 10.0.0/24", "--ipv4" },
        { "--ipv4 0x0a000003/24", "--ipv4" },
        { "--ipv4 224.0.0.1/24", "--ipv4" },
        { "--ipv4 127.0.0.1/8", "--ipv4" },
        { "--ipv4 fd00::3/64", "--ipv4" },
        { "--ipv4 10.0.0.3/24/24", "--ipv4" },
        { "--ipv6 10.0.0.3/24", "--ipv6 \"10.0.0.3/24\" is not an IPv6 address with the length of its network; give one such as fd00::3/64, auto or none" },
        { "--ipv6 fd00::3", "--ipv6" },
        { "--ipv6 fd00::3/129", "--ipv6" },
        { "--ipv6 ff02::1/64", "--ipv6" },
        { "--ipv6 fe80::1%2/64", "--ipv6" },
        { "--ipv4-gateway 10.0.0.1", "--ipv4-gateway needs an address; give --ipv4 ADDRESS/LENGTH too" },
        { "--ipv6-gateway fd00::1", "--ipv6-gateway needs an address; give --ipv6 ADDRESS/LENGTH too" },
        { "--ipv4 10.0.0.3/24 --ipv4-gateway 10.0.1.1", "--ipv4-gateway 10.0.1.1 is not in the network of --ipv4 10.0.0.3/24; give the address of a router in it" },
        { "--ipv4 10.0.0.3/24 --ipv4-gateway 10.0.0.3", "--ipv4-gateway 10.0.0.3 is the machine's own address; give that of the router" },
        { "--ipv4 10.0.0.3/24 --ipv4-gateway fd00::1", "--ipv4-gateway \"fd00::1\" is not the IPv4 address of a machine; give one such as 10.0.0.1" },
        { "--ipv6 fd00::3/64 --ipv6-gateway fd01::1", "--ipv6-gateway fd01::1 is not in the network of --ipv6 fd00::3/64" },
        { "--nameserver dns.example.org", "--nameserver \"dns.example.org\" is not the IP address of a machine; give one such as 10.0.0.1" },
        { "--nameserver 10.0.0.1,x", "--nameserver \"x\" is not" },
        { "--ntp a_b", "--ntp \"a_b\" is neither a host's name nor an address; give one such as pool.ntp.org" },
        { "--ntp -x", "--ntp" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Bad_option_is_one_line_that_says_what_to_do(string options, string problem) =>
        Assert.Contains(problem, Assert.Single(Assert.IsType<Invocation.Refused>(Read(options)).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("--ipv4 10.0.0.3/24")]
    [InlineData("--ipv4-gateway 10.0.0.1")]
    [InlineData("--ipv6 auto")]
    [InlineData("--ipv6-gateway fd00::1")]
    [InlineData("--nameserver 10.0.0.1")]
    [InlineData("--ntp pool.ntp.org")]
    public void As_a_Unix_program_it_refuses_each(string options)
    {
        var refused = Assert.IsType<Invocation.Refused>(Read(options, Habitat.Process));

        Assert.Equal($"{options.Split(' ')[0]} is for the virtual machine alone (vm/run); here the system sets up network and clock, so leave it out", Assert.Single(refused.Problems));
    }

    [Fact]
    public void Without_an_option_the_network_is_asked()
    {
        var machine = ReadMachine("");

        Assert.IsType<AddressPlan.Automatic>(machine.Ipv4);
        Assert.IsType<AddressPlan.Automatic>(machine.Ipv6);
        Assert.Empty(machine.Nameservers);
        Assert.Null(machine.TimeServer);
    }

    [Fact]
    public void Who_has_an_IPv6_address_waits_for_no_DHCP_server() => Assert.IsType<AddressPlan.Absent>(ReadMachine("--ipv6 fd00::3/64").Ipv4);

    [Fact]
    public void Everything_can_be_given()
    {
        var machine = ReadMachine("--ipv4 10.0.0.3/24 --ipv4-gateway 10.0.0.1 --ipv6 fd00::3/64 --ipv6-gateway fe80::1 --nameserver 10.0.0.1,fd00::1 --ntp 10.0.0.1");

        Assert.Equal(new AddressPlan.Fixed(new InterfaceAddress(IPAddress.Parse("10.0.0.3"), 24)), machine.Ipv4);
        Assert.Equal(new AddressPlan.Fixed(new InterfaceAddress(IPAddress.Parse("fd00::3"), 64)), machine.Ipv6);
        Assert.Equal((IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fe80::1")), (machine.Ipv4Gateway, machine.Ipv6Gateway));
        Assert.Equal([IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::1")], machine.Nameservers);
        Assert.Equal("10.0.0.1", machine.TimeServer);
    }

    [Fact]
    public void Process_has_no_machine_to_set_up() => Assert.Null(Assert.IsType<Invocation.Serve>(Read("", Habitat.Process)).Settings.Machine);

    private static MachineSettings ReadMachine(string options) => Assert.IsType<Invocation.Serve>(Read(options)).Settings.Machine!;

    private static Invocation Read(string options, Habitat habitat = Habitat.Machine) =>
        new CommandLine(habitat).Read([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--no-data"], static _ => null);
}
