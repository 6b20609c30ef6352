using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Pasteur.Configuration;

namespace Pasteur.Tls;

/// <summary>Connections to an authority. It is believed by the system's roots (or SSL_CERT_FILE); proxies are those of the environment.</summary>
internal static class AcmeConnections
{
    public static HttpMessageInvoker Open() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Limits.AuthorityConnectTimeout,
        MaxResponseHeadersLength = Limits.MaxRemoteHeaderKilobytes,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        },
    });
}
