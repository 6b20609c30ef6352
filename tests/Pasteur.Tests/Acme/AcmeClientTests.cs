using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pasteur.Acme;

namespace Pasteur.Tests.Acme;

/// <summary>The client and an authority that misbehaves.</summary>
public sealed class AcmeClientTests : IDisposable
{
    private readonly ScriptedAuthority _authority = new();
    private readonly HttpMessageInvoker _http;
    private readonly AccountKey _key = AccountKey.Generate();
    private readonly ECDsa _certificateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<string> _events = [];

    public AcmeClientTests() => _http = new HttpMessageInvoker(_authority);

    public void Dispose()
    {
        _http.Dispose();
        _authority.Dispose();
        _key.Dispose();
        _certificateKey.Dispose();
    }

    [Fact]
    public async Task Account_is_looked_for_before_it_is_made_and_then_kept()
    {
        _authority.Refuse("/new-account", 400, "accountDoesNotExist");
        _authority.Answer("/new-account", 201, "{}", ("Location", "https://ca.example/account/7"));
        var client = NewClient("ada@example.org");

        var account = await client.OpenAccountAsync(TestContext.Current.CancellationToken);
        await client.OpenAccountAsync(TestContext.Current.CancellationToken);

        Assert.Equal("https://ca.example/account/7", account.AbsoluteUri);
        Assert.Equal(
        [
            "GET /dir", "HEAD /nonce", """POST /new-account {"onlyReturnExisting":true}""",
            """POST /new-account {"termsOfServiceAgreed":true,"contact":["mailto:ada@example.org"]}""",
        ], _authority.Asked);
    }

    [Fact]
    public async Task Contact_of_an_account_that_is_found_is_put_right()
    {
        _authority.Answer("/new-account", 200, """{"contact":["mailto:old@example.org"]}""", ("Location", "https://ca.example/account/7"));
        _authority.Answer("/account/7", 200, "{}");

        await NewClient("ada@example.org").OpenAccountAsync(TestContext.Current.CancellationToken);

        Assert.Equal("""POST /account/7 {"contact":["mailto:ada@example.org"]}""", _authority.Asked[^1]);
    }

    [Fact]
    public async Task Refused_nonce_is_tried_again_with_the_one_that_came_with_the_refusal()
    {
        for (var i = 0; i < AcmeLimits.MaxNonceRetries; i++) _authority.Refuse("/new-account", 400, "badNonce");
        _authority.HasAccount();

        await NewClient().OpenAccountAsync(TestContext.Current.CancellationToken);

        Assert.Single(_authority.Asked, a => a.StartsWith("HEAD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Authority_that_refuses_every_nonce_is_given_up()
    {
        for (var i = 0; i < 100; i++) _authority.Refuse("/new-account", 400, "badNonce");

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => NewClient().OpenAccountAsync(TestContext.Current.CancellationToken));

        Assert.True(refusal.Problem.Is("badNonce"));
        Assert.Equal(AcmeLimits.MaxNonceRetries + 1, _authority.Asked.Count(a => a.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Account_that_is_forgotten_in_the_middle_is_made_anew_once()
    {
        _authority.HasAccount();
        _authority.Refuse("/new-order", 400, "accountDoesNotExist");
        _authority.HasAccount();
        _authority.Refuse("/new-order", 400, "accountDoesNotExist");

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => NewClient().IssueAsync(Order(), TestContext.Current.CancellationToken));

        Assert.True(refusal.Problem.Is("accountDoesNotExist"));
        Assert.Equal(2, _authority.Asked.Count(a => a.StartsWith("POST /new-account", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rate_limit_is_told_with_its_time()
    {
        _authority.HasAccount();
        _authority.Refuse("/new-order", 429, "rateLimited", ("Retry-After", "7200"));

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => NewClient().IssueAsync(Order(), TestContext.Current.CancellationToken));

        Assert.Equal(TimeSpan.FromHours(2), refusal.RetryAfter);
        Assert.Equal("says the script (rateLimited, 429)", refusal.Message);
    }

    [Fact]
    public async Task Renewal_names_what_it_replaces_and_does_without_when_that_is_refused()
    {
        using var old = Certificate();
        _authority.More = "\"renewalInfo\":\"https://ca.example/ari\",\"meta\":{\"profiles\":{\"short\":\"x\"}}";
        _authority.HasAccount();
        _authority.Refuse("/new-order", 409, "alreadyReplaced");
        _authority.Refuse("/new-order", 403, "unauthorized");

        await Assert.ThrowsAsync<AcmeException>(() => NewClient().IssueAsync(Order() with { Replaces = old, Profile = "short" }, TestContext.Current.CancellationToken));

        Assert.Equal($$"""POST /new-order {"identifiers":[{"type":"dns","value":"a.example"}],"profile":"short","replaces":"{{AriCertificateId.Of(old)}}"}""", _authority.Asked[^2]);
        Assert.Equal("""POST /new-order {"identifiers":[{"type":"dns","value":"a.example"}],"profile":"short"}""", _authority.Asked[^1]);
    }

    [Fact]
    public async Task Profile_that_the_authority_does_not_have_is_told_with_those_it_has()
    {
        _authority.More = "\"meta\":{\"profiles\":{\"classic\":\"x\",\"tlsserver\":\"y\"}}";

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => NewClient().IssueAsync(Order() with { Profile = "short" }, TestContext.Current.CancellationToken));

        Assert.Contains("it has classic, tlsserver", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_has_its_window_and_pace_and_an_authority_without_gives_none()
    {
        using var certificate = Certificate();
        Assert.Null(await NewClient().GetRenewalInfoAsync(certificate, TestContext.Current.CancellationToken));

        _authority.More = "\"renewalInfo\":\"https://ca.example/ari/\"";
        _authority.Answer($"/ari/{AriCertificateId.Of(certificate)}", 200, """{"suggestedWindow":{"start":"2026-03-01T00:00:00Z","end":"2026-03-02T00:00:00Z"},"explanationURL":"https://ca.example/why"}""", ("Retry-After", "3600"));
        var info = await NewClient().GetRenewalInfoAsync(certificate, TestContext.Current.CancellationToken);

        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(new RenewalInfo(start, start.AddDays(1), "https://ca.example/why", TimeSpan.FromHours(1)), info);
    }

    [Fact]
    public async Task Answers_are_taken_away_when_validation_fails_and_the_reason_is_the_challenges()
    {
        var responder = new Responder();
        _authority.HasAccount();
        _authority.Answer("/new-order", 201, """{"status":"pending","authorizations":["https://ca.example/authz/1"],"finalize":"https://ca.example/finalize"}""", ("Location", "https://ca.example/order/1"));
        _authority.Answer("/authz/1", 200, """{"status":"pending","identifier":{"type":"dns","value":"a.example"},"challenges":[{"type":"http-01","url":"https://ca.example/chall/1","token":"tok"}]}""");
        _authority.Answer("/chall/1", 200, "{}");
        _authority.Answer("/authz/1", 200, """{"status":"invalid","identifier":{"type":"dns","value":"a.example"},"challenges":[{"type":"http-01","url":"https://ca.example/chall/1","token":"tok","error":{"type":"urn:ietf:params:acme:error:connection","detail":"nobody is there"}}]}""");

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => NewClient().IssueAsync(Order() with { Responders = [responder] }, TestContext.Current.CancellationToken));

        Assert.Equal("a.example: nobody is there (connection)", refusal.Message);
        Assert.Equal(["+tok", "-tok"], responder.Did);
    }

    [Fact]
    public async Task Answer_beyond_bounds_is_not_read()
    {
        _authority.Answer("/new-account", 200, new string('x', AcmeLimits.MaxAnswerBytes + 1), ("Location", "https://ca.example/account/1"));

        var fault = await Assert.ThrowsAsync<IOException>(() => NewClient().OpenAccountAsync(TestContext.Current.CancellationToken));

        Assert.Contains("more than", fault.Message, StringComparison.Ordinal);
    }

    private AcmeClient NewClient(string? email = null) => new(_http, new AcmeClientOptions
    {
        Directory = ScriptedAuthority.Directory,
        Key = _key,
        Email = email,
        UserAgent = "test",
        OnEvent = _events.Add,
    });

    private CertificateOrder Order() => new() { Identifiers = [AcmeIdentifier.Of("a.example")], Key = _certificateKey, Responders = [new Responder()] };

    private X509Certificate2 Certificate()
    {
        var request = new CertificateRequest("CN=a.example", _certificateKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier([1, 2, 3]));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
    }

    private sealed class Responder : IChallengeResponder
    {
        public List<string> Did { get; } = [];

        public string Type => "http-01";

        public bool CanAnswer(AcmeIdentifier identifier) => true;

        public Task<string?> PrepareAsync(PendingChallenge challenge, CancellationToken cancellationToken)
        {
            Did.Add("+" + challenge.Token);
            return Task.FromResult<string?>(null);
        }

        public Task CleanUpAsync(PendingChallenge challenge, CancellationToken cancellationToken)
        {
            Did.Add("-" + challenge.Token);
            return Task.CompletedTask;
        }
    }
}
