using Pasteur.Dns.Messages;

namespace Pasteur.Dns.Updates;

/// <summary>Where a record belongs: its name, once aliases are followed, and the zone that holds it.</summary>
internal sealed record Place(DnsName Owner, DnsName Zone)
{
    public DnsOutcome.Done Done() => new(Owner.ToString(), Zone.ToString());
}
