using System.Net;
using System.Net.Sockets;

namespace Pasteur.Configuration;

/// <summary>The settings of a virtual machine. As a Unix program, each of them is refused: it would change nothing.</summary>
internal sealed class MachineSettingsReader(SettingList list, SettingsReader reader)
{
    private Setting[] All => [list.Ipv4, list.Ipv4Gateway, list.Ipv6, list.Ipv6Gateway, list.Nameserver, list.Ntp];

    public void RefuseAll()
    {
        foreach (var given in All.Select(reader.Find).OfType<Given>())
            reader.AddProblem($"{given.Name} is for the virtual machine alone (vm/run); here the system sets up network and clock, so leave it out");
    }

    public MachineSettings Read()
    {
        var ipv6 = reader.GetGiven(list.Ipv6);
        var ipv4 = reader.GetGiven(list.Ipv4);
        var settings = new MachineSettings
        {
            // A machine that was given an IPv6 address alone waits for no DHCP server.
            Ipv4 = ipv4 ?? (ipv6 is AddressPlan.Fixed ? new AddressPlan.Absent() : new AddressPlan.Automatic()),
            Ipv4Gateway = reader.GetGiven(list.Ipv4Gateway),
            Ipv6 = ipv6 ?? new AddressPlan.Automatic(),
            Ipv6Gateway = reader.GetGiven(list.Ipv6Gateway),
            Nameservers = reader.GetAll(list.Nameserver),
            TimeServer = reader.GetGiven(list.Ntp),
        };
        CheckGateway(list.Ipv4Gateway, list.Ipv4, settings.Ipv4, settings.Ipv4Gateway);
        CheckGateway(list.Ipv6Gateway, list.Ipv6, settings.Ipv6, settings.Ipv6Gateway);
        return settings;
    }

    private void CheckGateway(Setting gatewaySetting, Setting addressSetting, AddressPlan plan, IPAddress? gateway)
    {
        if (gateway is null || reader.Find(gatewaySetting) is not { } given)
            return;
        // What was given as the address may be unsound, and has its own line then.
        if (plan is not AddressPlan.Fixed { Address: var own })
        {
            if (reader.Find(addressSetting) is null)
                reader.AddProblem($"{given.Name} needs an address; give {addressSetting.Name} {addressSetting.Hint} too");
        }
        else if (gateway.AddressFamily == AddressFamily.InterNetwork ? !own.IsOnLink(gateway) : !own.IsOnLink(gateway) && !gateway.IsIPv6LinkLocal)
        {
            reader.AddProblem($"{given.Name} {gateway} is not in the network of {addressSetting.Name} {own}; give the address of a router in it");
        }
        else if (gateway.Equals(own.Address))
        {
            reader.AddProblem($"{given.Name} {gateway} is the machine's own address; give that of the router");
        }
    }
}
