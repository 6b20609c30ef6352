using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pasteur.Acme;

namespace Pasteur.Tests.Acme;

/// <summary>What authorities send, sound and not.</summary>
public sealed class DocumentTests
{
    [Theory]
    [InlineData("""{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many"}""", "rateLimited", "too many (rateLimited, 429)")]
    [InlineData("""{"type":"urn:ietf:params:acme:error:malformed","detail":"several","subproblems":[{"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"not this one","identifier":{"type":"dns","value":"a.example"}}]}""", "malformed", "a.example: several not this one (malformed, 429)")]
    [InlineData("""{"type":"https://ca.example/odd","detail":"a\u0007b\nc"}""", "https://ca.example/odd", "a b c (https://ca.example/odd, 429)")]
    [InlineData("""{"detail":7}""", "about:blank", "(about:blank, 429)")]
    [InlineData("""["no"]""", "about:blank", "(about:blank, 429)")]
    [InlineData("<html>", "about:blank", "(about:blank, 429)")]
    [InlineData("", "about:blank", "(about:blank, 429)")]
    public void Problem_is_told_on_one_line_whatever_was_sent(string body, string name, string text)
    {
        var problem = AcmeProblem.Read(Encoding.UTF8.GetBytes(body), 429);

        Assert.Equal(name, problem.Name);
        Assert.Equal(text, problem.ToString());
    }

    [Fact]
    public void Endless_detail_is_cut() =>
        Assert.Equal(AcmeLimits.MaxDetailLength, AcmeProblem.Read(Encoding.UTF8.GetBytes($$"""{"detail":"{{new string('x', 9999)}}"}"""), 400).Detail.Length);

    [Theory]
    [InlineData("""{"newNonce":"https://ca/n","newAccount":"https://ca/a"}""")]
    [InlineData("""{"newNonce":"http://ca/n","newAccount":"https://ca/a","newOrder":"https://ca/o"}""")]
    [InlineData("""{"newNonce":"/n","newAccount":"https://ca/a","newOrder":"https://ca/o"}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public void Directory_without_https_addresses_is_none(string body) => Assert.Throws<IOException>(() => Answer(body).Read(AcmeDirectory.Of));

    [Fact]
    public void Directory_says_what_there_is()
    {
        var directory = Answer("""{"newNonce":"https://ca/n","newAccount":"https://ca/a","newOrder":"https://ca/o","renewalInfo":"https://ca/ri","meta":{"externalAccountRequired":true,"profiles":{"classic":"x","shortlived":"y"}}}""").Read(AcmeDirectory.Of);

        Assert.Equal("https://ca/ri", directory.RenewalInfo!.AbsoluteUri);
        Assert.Null(directory.KeyChange);
        Assert.True(directory.RequiresExternalAccount);
        Assert.Equal(["classic", "shortlived"], directory.Profiles);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a b")]
    [InlineData("")]
    public void Challenge_whose_token_is_no_token_is_left_alone(string token)
    {
        var authorization = Answer($$"""{"identifier":{"type":"dns","value":"a.example"},"status":"pending","challenges":[{"type":"http-01","url":"https://ca/c","token":"{{token}}"},{"type":"dns-01","url":"https://ca/d","token":"abc-_"}]}""").Read(AcmeAuthorization.Of);

        Assert.Equal("dns-01", Assert.Single(authorization.Challenges).Type);
    }

    [Theory]
    [InlineData("""{"suggestedWindow":{"start":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("""{"suggestedWindow":{"start":"soon","end":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("{}")]
    public void Window_that_is_none_is_refused(string body) => Assert.Throws<IOException>(() => Answer(body).Read(d => RenewalInfo.Of(d, null)));

    [Fact]
    public void Alternate_chains_are_found_among_links()
    {
        var answer = Answer("") with { Links = ["<https://ca/dir>;rel=\"index\"", "<https://ca/cert/1/1>;rel=\"alternate\", </cert/1/2>; rel=alternate", "<http://ca/3>;rel=\"alternate\""] };

        Assert.Equal(["https://ca/cert/1/1", "https://ca/cert/1/2"], answer.LinksOf("alternate").Select(u => u.AbsoluteUri));
    }

    [Fact]
    public void Retry_after_may_be_a_time_or_a_date()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT");

        Assert.Equal(TimeSpan.FromMinutes(1), AcmeAnswer.Of(response, [], new Uri("https://ca/"), now).RetryAfter);
    }

    [Fact]
    public void Rfc_9773_name_of_a_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuer = new CertificateRequest("CN=issuer", key, HashAlgorithmName.SHA256);
        issuer.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        using var authority = issuer.CreateSelfSigned(now, now.AddDays(1));
        var request = new CertificateRequest("CN=example.com", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(Convert.FromHexString("69885B6B87464041E1B37B847BA0AE2CDE01C8D4")));
        using var certificate = request.Create(authority, now, now.AddHours(1), [0x00, 0x87, 0x65, 0x43, 0x21]);

        Assert.Equal("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE", AriCertificateId.Of(X509CertificateLoader.LoadCertificate(certificate.RawData)));
        Assert.Null(AriCertificateId.Of(authority));
    }

    [Theory]
    [InlineData("ec")]
    [InlineData("rsa")]
    public void Signing_request_holds_all_names_and_is_signed_with_the_key(string kind)
    {
        using AsymmetricAlgorithm key = kind == "ec" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(2048);

        var read = CertificateRequest.LoadSigningRequest(
            SigningRequest.Create([AcmeIdentifier.Of("A.example"), AcmeIdentifier.Of("*.b.example"), AcmeIdentifier.Of("192.0.2.7")], key),
            HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);

        var names = new X509SubjectAlternativeNameExtension(Assert.Single(read.CertificateExtensions, e => e.Oid!.Value == "2.5.29.17").RawData);
        Assert.Equal(["a.example", "*.b.example"], names.EnumerateDnsNames());
        Assert.Equal("192.0.2.7", Assert.Single(names.EnumerateIPAddresses()).ToString());
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), read.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal("", read.SubjectName.Name);
    }

    [Fact]
    public void Challenge_says_where_and_what_the_dns_holds()
    {
        var challenge = new PendingChallenge(AcmeIdentifier.Of("*.Example.org"), "token", "token.thumb");

        Assert.Equal("_acme-challenge.example.org", challenge.DnsName);
        Assert.Equal(Convert.ToBase64String(SHA256.HashData("token.thumb"u8)).TrimEnd('=').Replace('+', '-').Replace('/', '_'), challenge.DnsText);
    }

    private static AcmeAnswer Answer(string body) => new() { Status = 200, Body = Encoding.UTF8.GetBytes(body), Asked = new Uri("https://ca/cert/1") };
}
