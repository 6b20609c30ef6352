using System.Net;
using Pasteur.Dns;

namespace Pasteur.Configuration;

/// <summary>The settings for proving names by DNS; a part of <see cref="SettingList"/>.</summary>
internal sealed class DnsSettingList
{
    public Setting<TsigKey> Key { get; } = new(SettingGroup.Tls, "--dns-key")
    {
        Hint = "NAME:ALGORITHM:SECRET", Default = "none", Parse = SettingValues.DnsKey, Secret = true,
        Description = "Prove the site's names by DNS, with this key (TSIG) for updates of their zone. Other users of this machine can see options: better use the variable.",
    };

    public Setting<IPAddress> Address { get; } = new(SettingGroup.Tls, "--dns-addr")
    {
        Hint = "ADDRESS", Default = "none", Parse = SettingValues.ServerAddress,
        Description = "The primary DNS server of that zone.",
    };

    public Setting<int> Port { get; } = new(SettingGroup.Tls, "--dns-port")
    {
        Hint = "NUMBER", Default = "53", Parse = SettingValues.ServerPort,
        Description = "Its port.",
    };

    public IReadOnlyList<Setting> All => [Key, Address, Port];
}
