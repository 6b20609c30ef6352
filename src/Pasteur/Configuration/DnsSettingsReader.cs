using System.Net;

namespace Pasteur.Configuration;

/// <summary>The part of <see cref="SettingsReader"/> that reads how names are proved by DNS.</summary>
internal sealed class DnsSettingsReader(DnsSettingList list, SettingsReader settings)
{
    /// <param name="isHttps">Whether there is a certificate to be had at all.</param>
    public DnsSettings? Read(bool isHttps)
    {
        var (key, address, port) = (settings.Find(list.Key), settings.Find(list.Address), settings.Find(list.Port));
        var problems = settings.Problems.Count;
        var (tsig, server, number) = (settings.GetGiven(list.Key), settings.GetGiven(list.Address), settings.Get(list.Port));
        // What is malformed has its own line.
        if ((key ?? address ?? port) is not { } any || settings.Problems.Count > problems)
            return null;
        if (!isHttps)
            settings.AddProblem($"{any.Name} is for a certificate that --https gets from an authority; give --https too, without --cert-file, or leave it out");
        else if (key is null)
            settings.AddProblem($"{any.Name} needs the key for updates; give {list.Key.Name} {list.Key.Hint} too");
        else if (address is null)
            settings.AddProblem($"{key.Name} needs the server that takes updates; give {list.Address.Name} {list.Address.Hint} too");
        return tsig is null || server is null ? null : new DnsSettings(tsig, new IPEndPoint(server, number));
    }
}
