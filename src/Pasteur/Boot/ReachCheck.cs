using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>Whether a machine that is set up like this can ever reach what it needs: better said at once than retried for ever.</summary>
internal static class ReachCheck
{
    /// <exception cref="StartFailedException">It can't.</exception>
    public static void Run(Settings settings, IReadOnlyList<IPAddress> nameservers)
    {
        var url = settings.Remote?.Url;
        var authority = (settings.Tls?.Source as CertificateSource.Authority)?.Acme.Server.Directory;
        if (url is RemoteUrl.LocalFolder)
            throw Wrong("--remote is a folder, which needs git, and the machine has none; give git://, ssh:// or https://");
        if (!Clock.IsSet && (authority is not null || url is RemoteUrl.Http { Address.Scheme: "https" }))
            throw Wrong("certificates can't be judged without the time, and the machine has no clock; give --ntp HOST");
        if (HostOf(url) is { } host && !IPAddress.TryParse(host, out _) && nameservers.Count == 0)
            throw Wrong($"the remote's host {host} is a name, and there is no nameserver to ask; give --nameserver ADDRESS, or the host's address");
        if (authority is not null && !IPAddress.TryParse(authority.Host, out _) && nameservers.Count == 0)
            throw Wrong($"the authority's host {authority.Host} is a name, and there is no nameserver to ask; give --nameserver ADDRESS");
    }

    private static string? HostOf(RemoteUrl? url) => url switch
    {
        RemoteUrl.GitDaemon daemon => daemon.Host,
        RemoteUrl.Ssh ssh => ssh.Host,
        RemoteUrl.Http http => http.Address.IdnHost,
        _ => null,
    };

    private static StartFailedException Wrong(string message) => new(ExitCodes.Usage, message);
}
