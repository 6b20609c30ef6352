using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pasteur.Git.Protocol;
using static Pasteur.Tests.Sync.Http.HttpTalk;

namespace Pasteur.Tests.Sync.Http;

/// <summary>A server that would have us ask another for something.</summary>
public sealed class HttpDetourTests
{
    // RFC 5280, section 4.2.2.1: where a missing issuer's certificate could be had. Whoever answers at the remote's address writes it.
    [Fact]
    public async Task Certificate_cannot_make_us_ask_an_address_of_its_choice()
    {
        await using var elsewhere = new ScriptedWebServer((request, ct) => request.AnswerAsync("200 OK", "application/pkix-cert", [], ct));
        using var certificate = Certificate($"http://127.0.0.1:{elsewhere.Port}/issuer.crt");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, certificate);
        await using var transport = Transport($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/r.git");
        var failure = await Assert.ThrowsAsync<IOException>(() => transport.ConnectAsync(GitService.UploadPack, TestContext.Current.CancellationToken).AsTask());
        await serving;
        Assert.Empty(elsewhere.Requests);
        Assert.Contains("the issuer of its certificate is not known here", failure.Message, StringComparison.Ordinal);
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            // Offline: this server would ask for its issuer too.
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) });
            await tls.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // It is not trusted.
        }
    }

    private static X509Certificate2 Certificate(string issuerAt)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: [issuerAt]));
        var now = DateTimeOffset.UtcNow;
        using var signed = request.Create(new X500DistinguishedName("CN=nobody knows"), X509SignatureGenerator.CreateForECDsa(issuerKey), now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }
}
