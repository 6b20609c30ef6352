using System.Globalization;
using System.Net;
using Pasteur.Boot.Dhcp;
using Pasteur.Boot.Netlink;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>Brings up the network that the settings describe, on the machine's first card.</summary>
internal sealed class Network(MachineSettings settings)
{
    private const string Card = "eth0";
    private const string LinksFolder = "/sys/class/net";
    private const string ResolverFile = "/etc/resolv.conf";

    /// <summary>What DHCP gave; null without it.</summary>
    public DhcpReply? Lease { get; private set; }

    /// <summary>Prolongs the address that DHCP gave; null when it needs none.</summary>
    public LeaseKeeper? LeaseKeeper => Lease is { Lease: not null } ? new LeaseKeeper(Lease, HardwareAddress()) : null;

    /// <summary>Empty: names can't be resolved.</summary>
    public IReadOnlyList<IPAddress> Nameservers => settings.Nameservers.Count > 0 ? settings.Nameservers : Lease?.NameServers ?? [];

    /// <exception cref="StartFailedException">There is no card, or the kernel refuses what was given.</exception>
    public void SetUp()
    {
        using var route = new RouteSocket();
        Check("lo can't be used", route.LinkUp(IndexOf("lo")));
        if (settings is { Ipv4: AddressPlan.Absent, Ipv6: AddressPlan.Absent })
            throw new StartFailedException(ExitCodes.Usage, "--ipv4 none and --ipv6 none leave the machine without an address; give one of them");
        AwaitCard();
        var card = IndexOf(Card);
        PrepareIpv6();
        Check($"{Card} can't be used", route.LinkUp(card));
        if (settings.Ipv6 is AddressPlan.Fixed { Address: var ipv6 })
            SetAddress(route, card, ipv6, settings.Ipv6Gateway);
        if (settings.Ipv4 is AddressPlan.Fixed { Address: var ipv4 })
            SetAddress(route, card, ipv4, settings.Ipv4Gateway);
        else if (settings.Ipv4 is AddressPlan.Automatic)
            ObtainAddress(route, card);
        WriteResolverFile();
    }

    private void ObtainAddress(RouteSocket route, int card)
    {
        Lease = new DhcpClient(Card, HardwareAddress()).Obtain();
        SetAddress(route, card, new InterfaceAddress(Lease.Address, Lease.PrefixLength), settings.Ipv4Gateway ?? Lease.Router);
    }

    private static void SetAddress(RouteSocket route, int card, InterfaceAddress address, IPAddress? gateway)
    {
        Check($"{Card} does not take the address {address}", route.AddAddress(card, address.Address, address.PrefixLength));
        if (gateway is not null)
            Check($"{Card} does not take the gateway {gateway}", route.AddDefaultRoute(card, gateway));
        MachineConsole.Say($"{Card} has {address}{(gateway is null ? ", and no gateway to other networks" : $", gateway {gateway}")}");
    }

    // A card's driver may still be looking at it.
    private static void AwaitCard()
    {
        for (var until = Environment.TickCount64 + (long)Limits.CardWait.TotalMilliseconds; !Directory.Exists($"{LinksFolder}/{Card}"); Thread.Sleep(Limits.CardPoll))
        {
            if (Environment.TickCount64 > until)
                throw new StartFailedException(ExitCodes.Usage, "the machine has no network card that this kernel knows; give it one of virtio, Xen or Hyper-V");
        }
    }

    private void PrepareIpv6()
    {
        const string folder = $"/proc/sys/net/ipv6/conf/{Card}";
        if (!Directory.Exists(folder))
            return;
        if (settings.Ipv6 is AddressPlan.Absent)
            File.WriteAllText($"{folder}/disable_ipv6", "1");
        else if (settings.Ipv6 is AddressPlan.Fixed)
            File.WriteAllText($"{folder}/accept_ra", settings.Ipv6Gateway is null ? "1" : "0");
    }

    private void WriteResolverFile()
    {
        Directory.CreateDirectory("/etc");
        File.WriteAllText(ResolverFile, string.Concat(Nameservers.Select(server => $"nameserver {server}\n")) + "options timeout:2 attempts:2\n");
    }

    private static int IndexOf(string link) => int.Parse(File.ReadAllText($"{LinksFolder}/{link}/ifindex"), CultureInfo.InvariantCulture);

    private static byte[] HardwareAddress() => Convert.FromHexString(File.ReadAllText($"{LinksFolder}/{Card}/address").Trim().Replace(":", "", StringComparison.Ordinal));

    private static void Check(string problem, int errno)
    {
        if (errno is not (0 or Native.Exists))
            throw new StartFailedException(ExitCodes.Usage, $"{problem}: {Native.ReasonOf(errno)}");
    }
}
