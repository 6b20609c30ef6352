using Pasteur.Acme;
using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>The part of <see cref="SettingsReader"/> that reads what belongs to TLS, and sees that it fits together.</summary>
internal sealed class TlsSettingsReader(TlsSettingList list, SettingsReader settings)
{
    /// <summary>Null without --https, or when there are problems.</summary>
    /// <param name="dns">How challenges are answered in the DNS; null when it is not configured.</param>
    public TlsSettings? Read(DnsSettings? dns)
    {
        if (!settings.GetSwitch(list.Https))
        {
            RefuseAll(list.All.Where(s => s != list.Https), $"is of no use without {list.Https.Name}; give both or neither");
            return null;
        }
        var hostnames = settings.GetAll(list.Hostname).Distinct(StringComparer.Ordinal).ToList();
        var (certificate, key) = (settings.Find(list.CertFile), settings.Find(list.KeyFile));
        if (certificate is null != key is null)
        {
            var (given, missing) = certificate is null ? (key!.Name, list.CertFile.Name) : (certificate.Name, list.KeyFile.Name);
            settings.AddProblem($"{given} needs {missing} FILE too; give both or neither");
            return null;
        }
        if (certificate is not null)
            return ReadFiles(hostnames);
        if (hostnames.Count == 0)
        {
            if (settings.Find(list.Hostname) is null)
                settings.AddProblem($"{list.Https.Name} needs a name to get a certificate for; give --hostname paste.example.org (or --cert-file and --key-file)");
            return null;
        }
        return ReadAuthority(hostnames, dns);
    }

    private TlsSettings ReadFiles(List<string> hostnames)
    {
        Setting[] acme = [list.Email, list.Production, list.AcmeDirectory, list.EabKid, list.EabHmacKey, list.AccountSeed, list.CertSeed, list.CertificateKeyType, list.AcmeProfile, list.PreferredChain];
        RefuseAll(acme, $"is about certificates of an authority, but {list.CertFile.Name} is given; leave one of them out");
        return new TlsSettings
        {
            Hostnames = hostnames,
            HttpPort = settings.Find(list.HttpPort) is null ? null : settings.Get(list.HttpPort),
            Source = new CertificateSource.OwnFiles(settings.GetGiven(list.CertFile) ?? "", settings.GetGiven(list.KeyFile) ?? ""),
        };
    }

    private TlsSettings ReadAuthority(List<string> hostnames, DnsSettings? dns)
    {
        if (dns is null && hostnames.FirstOrDefault(h => AcmeIdentifier.Of(h).IsWildcard) is { } wildcard)
            settings.AddProblem($"{settings.Find(list.Hostname)!.Name} \"{wildcard}\" needs a challenge in the DNS; give --dns-key and --dns-addr too, or the names one by one");
        if (hostnames.Count > Limits.MaxHostnames)
            settings.AddProblem($"{settings.Find(list.Hostname)!.Name} is given {hostnames.Count} names; a certificate holds at most {Limits.MaxHostnames}");
        return new TlsSettings
        {
            Hostnames = hostnames,
            HttpPort = settings.Find(list.HttpPort) is not null ? settings.Get(list.HttpPort) : dns is null ? Limits.HttpPort : null,
            Source = new CertificateSource.Authority(new AcmeSettings
            {
                Server = ReadServer(),
                Email = settings.GetGiven(list.Email),
                ExternalAccount = ReadExternalAccount(),
                AccountSeed = settings.GetGiven(list.AccountSeed),
                CertificateSeed = settings.GetGiven(list.CertSeed),
                KeyType = settings.Get(list.CertificateKeyType),
                Profile = settings.GetGiven(list.AcmeProfile),
                PreferredRoot = settings.GetGiven(list.PreferredChain),
                Dns = dns,
            }),
        };
    }

    private AcmeServer ReadServer()
    {
        var (directory, production) = (settings.Find(list.AcmeDirectory), settings.Find(list.Production));
        if (directory is not null && production is not null)
            settings.AddProblem($"{directory.Name} and {production.Name} contradict each other; give one of them");
        return settings.GetGiven(list.AcmeDirectory) ?? settings.Get(list.Production) ?? AcmeServer.LetsEncrypt;
    }

    private ExternalAccountKey? ReadExternalAccount()
    {
        var (id, key) = (settings.GetGiven(list.EabKid), settings.GetGiven(list.EabHmacKey));
        if (settings.Find(list.EabKid) is null != settings.Find(list.EabHmacKey) is null)
        {
            settings.AddProblem($"{list.EabKid.Name} and {list.EabHmacKey.Name} belong together; give both or neither");
            return null;
        }
        if (id is null || key is null)
            return null;
        if (ExternalAccountKey.Read(id, key) is { } account)
            return account;
        settings.AddProblem($"{settings.Find(list.EabHmacKey)!.Name} is not base64url; give it as the authority wrote it");
        return null;
    }

    private void RefuseAll(IEnumerable<Setting> unused, string why)
    {
        foreach (var given in unused.Select(settings.Find).OfType<Given>())
            settings.AddProblem($"{given.Name} {why}");
    }
}
