using System.Net;
using Pasteur.Configuration;
using Pasteur.Keys;

namespace Pasteur.Tests.Configuration;

/// <summary>TLS, from the command line and the environment.</summary>
public sealed class TlsSettingsTests
{
    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/home/ada" };

    [Fact]
    public void Name_is_all_that_is_needed()
    {
        var settings = Serve("--https", "--hostname", "Paste.Example.org");

        Assert.Equal(443, settings.Port);
        Assert.Equal(IPAddress.IPv6Any, settings.Bind);
        Assert.Equal(80, settings.Tls!.HttpPort);
        Assert.Equal(["paste.example.org"], settings.Tls.Hostnames);
        Assert.Equal(AcmeServer.LetsEncrypt, Acme(settings).Server);
        Assert.Equal(CertificateKeyType.EcdsaP256, Acme(settings).KeyType);
    }

    [Fact]
    public void What_is_given_wins_over_what_https_makes_usual()
    {
        _environment["PASTEUR_HOSTNAME"] = "a.example,b.example";
        var settings = Serve("--https", "-p", "8443", "--bind", "127.0.0.1", "--http-port", "off", "--production=false", "--certificate-key-type", "rsa");

        Assert.Equal((8443, IPAddress.Loopback), (settings.Port, settings.Bind));
        Assert.Null(settings.Tls!.HttpPort);
        Assert.Equal(["a.example", "b.example"], settings.Tls.Hostnames);
        Assert.True(Acme(settings).Server.IsForTrial);
        Assert.Equal(CertificateKeyType.Rsa2048, Acme(settings).KeyType);
    }

    [Fact]
    public void Own_certificate_needs_no_name_and_opens_no_other_port()
    {
        var tls = Serve("--https", "--cert-file", "/etc/c.pem", "--key-file", "/etc/k.pem").Tls!;

        Assert.Equal(new CertificateSource.OwnFiles("/etc/c.pem", "/etc/k.pem"), tls.Source);
        Assert.Null(tls.HttpPort);
        Assert.Empty(tls.Hostnames);
    }

    [Fact]
    public void Without_https_the_site_is_as_before()
    {
        var settings = Serve();

        Assert.Null(settings.Tls);
        Assert.Equal((4343, IPAddress.Loopback), (settings.Port, settings.Bind));
    }

    [Theory]
    [InlineData("needs a name", "--https")]
    [InlineData("--hostname is of no use without --https", "--hostname", "a.example")]
    [InlineData("--email is of no use without --https", "--email", "a@b.c")]
    [InlineData("--cert-file needs --key-file FILE too", "--https", "--cert-file", "/c.pem")]
    [InlineData("--key-file needs --cert-file FILE too", "--https", "--key-file", "/c.pem")]
    [InlineData("--email is about certificates of an authority", "--https", "--cert-file", "/c", "--key-file", "/k", "--email", "a@b.c")]
    [InlineData("--acme-directory and --production contradict", "--https", "--hostname", "a.example", "--acme-directory", "https://ca/", "--production", "false")]
    [InlineData("is not the address of an ACME directory", "--https", "--hostname", "a.example", "--acme-directory", "http://ca/")]
    [InlineData("--eab-kid and --eab-hmac-key belong together", "--https", "--hostname", "a.example", "--eab-kid", "k")]
    [InlineData("--eab-hmac-key is not base64url", "--https", "--hostname", "a.example", "--eab-kid", "k", "--eab-hmac-key", "canary%%%")]
    [InlineData("needs a challenge in the DNS", "--https", "--hostname", "*.a.example")]
    [InlineData("is not a name of a host", "--https", "--hostname", "https://a.example")]
    [InlineData("is not a name of a host", "--https", "--hostname", "a_b.example")]
    [InlineData("xn--", "--https", "--hostname", "bücher.example")]
    [InlineData("is not an address for mail", "--https", "--hostname", "a.example", "--email", "ada")]
    [InlineData("--cert-seed is too short", "--https", "--hostname", "a.example", "--cert-seed", "canary")]
    [InlineData("give ecdsa or rsa", "--https", "--hostname", "a.example", "--certificate-key-type", "dsa")]
    [InlineData("or off", "--https", "--hostname", "a.example", "--http-port", "http")]
    public void What_does_not_fit_together_is_told_in_one_line(string expected, params string[] arguments)
    {
        var problem = Assert.Single(Assert.IsType<Invocation.Refused>(Read(arguments)).Problems);

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_hidden_and_never_shown()
    {
        const string seed = "canary-correct-horse-battery", key = "canary0123456789";
        var line = new CommandLine();
        var settings = Assert.IsType<Invocation.Serve>(line.Read(
            ["--https", "--hostname", "a.example", "--cert-seed", seed, "--account-seed", seed, "--eab-kid", "kid", "--eab-hmac-key", key], _environment.GetValueOrDefault)).Settings;

        Assert.Contains(seed, line.Secrets);
        Assert.Contains(key, line.Secrets);
        Assert.DoesNotContain("canary", $"{settings}", StringComparison.Ordinal);
    }

    private static AcmeSettings Acme(Settings settings) => Assert.IsType<CertificateSource.Authority>(settings.Tls!.Source).Acme;

    private Settings Serve(params string[] arguments) => Assert.IsType<Invocation.Serve>(Read(arguments)).Settings;

    private Invocation Read(params string[] arguments) => new CommandLine().Read(arguments, _environment.GetValueOrDefault);
}
