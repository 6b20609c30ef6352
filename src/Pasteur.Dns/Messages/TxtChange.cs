namespace Pasteur.Dns.Messages;

/// <param name="Value">ASCII, at most <see cref="DnsLimits.MaxCharacterStringBytes"/>.</param>
/// <param name="IsAddition">Else this very record is deleted.</param>
internal sealed record TxtChange(DnsName Owner, string Value, bool IsAddition);
