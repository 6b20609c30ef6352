using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Pasteur.Acme;
using Pasteur.Configuration;
using Pasteur.Health;
using Pasteur.Tls.Challenges;

namespace Pasteur.Tls;

/// <summary>The door of this room: TLS for the site, and its certificate, from opening to closing.</summary>
internal sealed class SiteTls(TlsSettings settings) : IAsyncDisposable
{
    private static readonly Task<string?> s_ownFiles = Task.FromResult<string?>("the certificate is that of --cert-file, which is read again when it changes");

    private readonly CertificateSlot _slot = new();
    private readonly HttpChallenges _httpChallenges = new();
    private readonly AlpnChallenges _alpnChallenges = new();
    private CertificateKeeper? _keeper;
    private CertificateFiles? _files;

    /// <summary>Has a port of Kestrel's speak TLS.</summary>
    public void Secure(ListenOptions port)
    {
        port.Protocols = HttpProtocols.Http1AndHttp2;
        port.Use(_alpnChallenges.Recognize);
        port.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = Limits.HandshakeTimeout,
            OnConnection = hello => new ValueTask<SslServerAuthenticationOptions>(AlpnChallenges.For(hello.Connection) ?? _slot.Options),
        });
    }

    /// <summary>The site with what stands before it: what comes over plain HTTP gets no further.</summary>
    public RequestDelegate Guard(RequestDelegate site, Func<int> httpsPort)
    {
        var plain = new PlainHttp(settings, _httpChallenges, httpsPort);
        return context => plain.InvokeAsync(context, site);
    }

    /// <summary>Makes something to be served, so that the port can open.</summary>
    /// <param name="root">The data folder; null keeps nothing.</param>
    /// <exception cref="StartFailedException">What is configured or kept cannot be used.</exception>
    public void Open(string? root, CertificateReport report, ILogger log)
    {
        if (settings.Source is CertificateSource.OwnFiles files)
        {
            _files = new CertificateFiles(files, _slot, report, log);
            _files.Open();
        }
        if (settings.Source is not CertificateSource.Authority { Acme: var acme })
            return;
        _keeper = new CertificateKeeper(new KeeperParts
        {
            Settings = acme,
            Hostnames = settings.Hostnames,
            Vault = new CertificateVault(root, acme),
            Slot = _slot,
            Responders = Responders(acme, log),
            Report = report,
            Log = log,
            Time = TimeProvider.System,
        });
        _keeper.Open();
    }

    /// <summary>To be called once the ports are open: the authority will knock.</summary>
    public void Start()
    {
        _keeper?.Start();
        _files?.Start();
    }

    /// <returns>What went wrong; null when another certificate is served and the one before revoked.</returns>
    public Task<string?> ReplaceCertificateAsync(CancellationToken cancellationToken) => _keeper?.ReplaceAsync(cancellationToken) ?? s_ownFiles;

    /// <returns>What went wrong; null when the account has another key.</returns>
    public Task<string?> ReplaceAccountKeyAsync(CancellationToken cancellationToken) => _keeper?.ReplaceAccountKeyAsync(cancellationToken) ?? s_ownFiles;

    public async ValueTask DisposeAsync()
    {
        if (_keeper is not null)
            await _keeper.DisposeAsync();
        if (_files is not null)
            await _files.DisposeAsync();
    }

    // Whoever gives a key for the DNS wants it used, whatever the ports could do. Where plain HTTP is not listened to, the https port answers alone.
    private IReadOnlyList<IChallengeResponder> Responders(AcmeSettings acme, ILogger log) =>
        acme.Dns is { } dns ? [new DnsChallenges(dns, log)] : settings.HttpPort is null ? [_alpnChallenges] : [_httpChallenges, _alpnChallenges];
}
