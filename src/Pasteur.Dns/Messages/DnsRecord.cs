namespace Pasteur.Dns.Messages;

/// <param name="DataStart">Where its data begins in the message; names in it may point elsewhere in there.</param>
internal sealed record DnsRecord(DnsName Name, RecordType Type, RecordClass Class, int DataStart, int DataLength);
