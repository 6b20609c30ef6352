using System.Net.Security;
using System.Security.Authentication;
using Pasteur.Configuration;

namespace Pasteur.Tls;

/// <summary>Holds what new connections are shown. Those that are open go on with what they began with.</summary>
internal sealed class CertificateSlot
{
    private SslServerAuthenticationOptions? _options;

    public ServedCertificate? Certificate { get; private set; }

    /// <exception cref="AuthenticationException">There is no certificate yet.</exception>
    public SslServerAuthenticationOptions Options => Volatile.Read(ref _options) ?? throw new AuthenticationException("there is no certificate yet");

    public void Use(ServedCertificate certificate)
    {
        Certificate = certificate;
        Volatile.Write(ref _options, OptionsFor(certificate.Context, [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]));
    }

    public static SslServerAuthenticationOptions OptionsFor(SslStreamCertificateContext certificate, List<SslApplicationProtocol> protocols) => new()
    {
        ServerCertificateContext = certificate,
        ApplicationProtocols = protocols,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
    };
}
