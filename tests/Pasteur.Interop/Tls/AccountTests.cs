using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography;
using Pasteur.Acme;

namespace Pasteur.Interop.Tls;

/// <summary>What the library does beyond what the program asks of it, with a real pebble.</summary>
public sealed class AccountTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task Certificate_is_revoked_and_the_key_changed_after_which_the_old_one_opens_nothing(string algorithm)
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { NonceRejects = 50 });
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = TlsSite.IsShown } });
        using var key = algorithm == "ES256" ? AccountKey.Generate() : AccountKey.Of(RSA.Create(2048));
        var client = new AcmeClient(http, Options(pebble, key));
        var account = await client.OpenAccountAsync(TestContext.Current.CancellationToken);

        using var certificateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var web = await HttpAnswers.StartAsync(pebble.HttpPort);
        using var chain = await client.IssueAsync(new CertificateOrder { Identifiers = [AcmeIdentifier.Of("localhost")], Key = certificateKey, Responders = [web] }, TestContext.Current.CancellationToken);
        Assert.Equal("Valid", await pebble.StatusAsync(chain.Leaf));
        await client.RevokeAsync(chain.Leaf, RevocationReason.Superseded, TestContext.Current.CancellationToken);
        Assert.Equal("Revoked", await pebble.StatusAsync(chain.Leaf));

        using var next = AccountKey.Generate();
        await client.ChangeKeyAsync(next, TestContext.Current.CancellationToken);

        Assert.Equal(account, await new AcmeClient(http, Options(pebble, next)).OpenAccountAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(account, await new AcmeClient(http, Options(pebble, key)).OpenAccountAsync(TestContext.Current.CancellationToken));
    }

    private static AcmeClientOptions Options(PebbleServer pebble, AccountKey key) => new() { Directory = pebble.Directory, Key = key, UserAgent = "pasteur-tests", Email = "ada@pasteur.test" };
}
