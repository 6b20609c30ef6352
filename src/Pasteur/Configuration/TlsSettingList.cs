using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>The settings of TLS, in the order of the help. What belongs together is checked by <see cref="TlsSettingsReader"/>.</summary>
internal sealed class TlsSettingList
{
    public Setting<bool> Https { get; } = new(SettingGroup.Tls, "--https")
    {
        Parse = SettingValues.Switch,
        Description = "Speak TLS: on port 443 and every address, unless --port and --bind say otherwise. The certificate is fetched from Let's Encrypt and renewed.",
    };

    public Setting<string> Hostname { get; } = new(SettingGroup.Tls, "--hostname")
    {
        Hint = "NAME", Default = "none", Parse = TlsValues.Hostname, Repeatable = true,
        Description = "Name of the site, for its certificate. Several: give it again, or put commas between.",
    };

    public Setting<int?> HttpPort { get; } = new(SettingGroup.Tls, "--http-port")
    {
        Hint = "NUMBER|off", Default = "80; off with --cert-file or --dns-key", Parse = TlsValues.HttpPort,
        Description = "Port for plain HTTP: the authority's challenge, and the way to https. When off, the challenge is answered on the https port.",
    };

    public Setting<string> Email { get; } = new(SettingGroup.Tls, "--email")
    {
        Hint = "ADDRESS", Default = "none", Parse = TlsValues.Email,
        Description = "Where the authority may write to.",
    };

    public Setting<AcmeServer> Production { get; } = new(SettingGroup.Tls, "--production")
    {
        Hint = "true|false", Default = "true", Parse = TlsValues.Production,
        Description = "false asks Let's Encrypt's staging server, for tries: browsers do not trust its certificates.",
    };

    public Setting<AcmeServer> AcmeDirectory { get; } = new(SettingGroup.Tls, "--acme-directory")
    {
        Hint = "URL", Default = "Let's Encrypt", Parse = TlsValues.Directory,
        Description = "Another authority that speaks ACME (RFC 8555), by the address of its directory.",
    };

    public Setting<string> EabKid { get; } = new(SettingGroup.Tls, "--eab-kid")
    {
        Hint = "ID", Default = "none", Parse = TlsValues.Word,
        Description = "Name of the key that an authority gave you as its customer (external account binding).",
    };

    public Setting<string> EabHmacKey { get; } = new(SettingGroup.Tls, "--eab-hmac-key")
    {
        Hint = "KEY", Default = "none", Parse = TlsValues.Word, Secret = true,
        Description = "That key, as the authority wrote it (base64url); better use the variable.",
    };

    public Setting<TlsSeed> AccountSeed { get; } = new(SettingGroup.Tls, "--account-seed")
    {
        Hint = "SEED", Default = "none: the key is random and kept in the data folder", Parse = TlsValues.Seed, Secret = true,
        Description = "Secret that makes the key of our account at the authority, the same on every machine; better use the variable.",
    };

    public Setting<TlsSeed> CertSeed { get; } = new(SettingGroup.Tls, "--cert-seed")
    {
        Hint = "SEED", Default = "none: each certificate has a new key", Parse = TlsValues.Seed, Secret = true,
        Description = "Secret that makes the certificate's key, the same on every machine; better use the variable.",
    };

    public Setting<CertificateKeyType> CertificateKeyType { get; } = new(SettingGroup.Tls, "--certificate-key-type")
    {
        Hint = "ecdsa|rsa", Default = "ecdsa", Parse = TlsValues.KeyType,
        Description = "Kind of the certificate's key: P-256, or RSA of 2048 bits for very old clients.",
    };

    public Setting<string> AcmeProfile { get; } = new(SettingGroup.Tls, "--acme-profile")
    {
        Hint = "NAME", Default = "the authority's usual one", Parse = TlsValues.Word,
        Description = "Kind of certificate, if the authority has several; such as shortlived at Let's Encrypt.",
    };

    public Setting<string> PreferredChain { get; } = new(SettingGroup.Tls, "--preferred-chain")
    {
        Hint = "NAME", Default = "the authority's choice", Parse = SettingValues.Subtitle,
        Description = "Common name of the root that the chain should lead to, if the authority has several chains.",
    };

    public Setting<string> CertFile { get; } = new(SettingGroup.Tls, "--cert-file")
    {
        Hint = "FILE", Default = "none", Parse = SettingValues.Folder, Shown = SettingValues.WithoutKey,
        Description = "A certificate of your own and its chain (PEM), instead of an authority's. Read again when it changes.",
    };

    public Setting<string> KeyFile { get; } = new(SettingGroup.Tls, "--key-file")
    {
        Hint = "FILE", Default = "none", Parse = SettingValues.Folder, Shown = SettingValues.WithoutKey,
        Description = "Its private key (PEM).",
    };

    public IReadOnlyList<Setting> All =>
    [
        Https, Hostname, HttpPort, Email, Production, AcmeDirectory, EabKid, EabHmacKey,
        AccountSeed, CertSeed, CertificateKeyType, AcmeProfile, PreferredChain, CertFile, KeyFile,
    ];
}
