namespace Pasteur.Configuration;

/// <summary>The settings against abuse, in the order of the help.</summary>
internal sealed class AbuseSettingList
{
    public Setting<Rate?> LimitWrites { get; } = new(SettingGroup.Abuse, "--limit-writes")
    {
        Hint = "COUNT/TIME", Default = "300/5m", Parse = Rate.Parse,
        Description = "Pastes, edits and deletions that a client's network (/24, or /56 of IPv6) may send at once, and again in that time; 0 for any number. Clients on this machine are not counted: name your proxy with --trusted-proxy.",
    };

    public Setting<Rate?> LimitMisses { get; } = new(SettingGroup.Abuse, "--limit-misses")
    {
        Hint = "COUNT/TIME", Default = "300/5m", Parse = Rate.Parse,
        Description = "The same of ids that there are not, of wrong tokens and of wrong passwords.",
    };

    public Setting<Rate?> LimitBytes { get; } = new(SettingGroup.Abuse, "--limit-bytes")
    {
        Hint = "SIZE/TIME", Default = "1GiB/1h", Parse = Rate.ParseSize,
        Description = "The same of bytes that are sent to be kept.",
    };

    public Setting<int> Challenge { get; } = new(SettingGroup.Abuse, "--challenge")
    {
        Hint = "on|off|BITS", Default = "off", Parse = SettingValues.Challenge,
        Description = "Have whoever pastes do some work first, about a second in the browser of a telephone; on is 18 bits, and each one more is twice the work. With --auth nobody is asked.",
    };

    public Setting<long?> MaxTotal { get; } = new(SettingGroup.Abuse, "--max-total")
    {
        Hint = "SIZE", Default = "none", Parse = SettingValues.MaxTotal,
        Description = "Once the repository takes so much, packs and journal, no pastes are taken; deleting and reading go on. Without a data folder it is a third of the memory, if nothing is said.",
    };

    public Setting<bool> ForgetDeleted { get; } = new(SettingGroup.Abuse, "--forget-deleted")
    {
        Parse = SettingValues.Switch,
        Description = "Take what owners delete out of the history too, here and on the remote, within minutes: every later commit is made again, and clones of others no longer follow. The remote must take a rewritten history.",
    };

    public Setting<bool> ReadOnly { get; } = new(SettingGroup.Abuse, "--read-only")
    {
        Parse = SettingValues.Switch,
        Description = "Take no pastes, edits or deletions; reading, and the sync with the remote, go on.",
    };

    public Setting<AdminToken> AdminToken { get; } = new(SettingGroup.Abuse, "--admin-token")
    {
        Hint = "TOKEN", Default = "none: there is no /admin", Parse = Configuration.AdminToken.Parse, Secret = true,
        Description = "What opens /admin, where reports are read, pastes deleted, content blocked and networks banned. Better use the variable or a file. pasteur admin needs none.",
    };

    public Setting<AdminToken> AdminTokenFile { get; } = new(SettingGroup.Abuse, "--admin-token-file")
    {
        Hint = "FILE", Default = "none", Parse = Configuration.AdminToken.ReadFile,
        Description = "File that holds that token alone; read at start.",
    };

    public IReadOnlyList<Setting> All => [LimitWrites, LimitMisses, LimitBytes, Challenge, MaxTotal, ForgetDeleted, ReadOnly, AdminToken, AdminTokenFile];
}
