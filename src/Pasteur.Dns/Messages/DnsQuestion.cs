namespace Pasteur.Dns.Messages;

/// <summary>What is asked for; in an update, the zone (RFC 2136 section 2.3).</summary>
internal sealed record DnsQuestion(DnsName Name, RecordType Type, RecordClass Class);
