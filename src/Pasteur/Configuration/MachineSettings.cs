using System.Net;

namespace Pasteur.Configuration;

/// <summary>What a virtual machine sets up before the site starts; a Unix program finds all of it done.</summary>
internal sealed record MachineSettings
{
    public required AddressPlan Ipv4 { get; init; }

    /// <summary>Null: none, or the one that DHCP tells.</summary>
    public required IPAddress? Ipv4Gateway { get; init; }

    public required AddressPlan Ipv6 { get; init; }

    /// <summary>Null: none, or the routers that announce themselves.</summary>
    public required IPAddress? Ipv6Gateway { get; init; }

    /// <summary>Empty: those that DHCP tells.</summary>
    public required IReadOnlyList<IPAddress> Nameservers { get; init; }

    /// <summary>Name or address of a host that tells the time; null: one that DHCP tells, or the machine's own clock.</summary>
    public required string? TimeServer { get; init; }
}

/// <summary>How the network card comes to an address of one family.</summary>
internal abstract record AddressPlan
{
    internal sealed record Fixed(InterfaceAddress Address) : AddressPlan;

    /// <summary>DHCP for IPv4, the announcements of routers (SLAAC) for IPv6.</summary>
    internal sealed record Automatic : AddressPlan;

    internal sealed record Absent : AddressPlan;
}
