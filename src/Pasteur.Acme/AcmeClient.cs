using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>
/// An account at a certificate authority (RFC 8555). The account is found or made when it is first needed, and again when the authority has
/// lost it.
/// </summary>
/// <param name="http">Connections that are handed in and not disposed; they are to follow no redirect and keep no cookie.</param>
/// <remarks>Each method throws an <see cref="AcmeException"/> when the authority says no, and an <see cref="IOException"/> when it can't be spoken to.</remarks>
public sealed class AcmeClient(HttpMessageInvoker http, AcmeClientOptions options)
{
    private readonly AcmeTransport _transport = new(http, options.UserAgent, options.Time);
    private AcmeDirectory? _directory;
    private Uri? _account;
    private AccountKey _key = options.Key;

    /// <summary>The account's address, found or made. Asking is not needed before the other methods.</summary>
    public async Task<Uri> OpenAccountAsync(CancellationToken cancellationToken) => _account ??= await FindOrMakeAccountAsync(cancellationToken);

    /// <summary>Orders a certificate, answers the challenges, and fetches it.</summary>
    public Task<CertificateChain> IssueAsync(CertificateOrder order, CancellationToken cancellationToken) =>
        new CertificateIssuer(this, order, options).RunAsync(cancellationToken);

    /// <summary>When the authority would like this certificate to be renewed; null when it gives no such advice (RFC 9773).</summary>
    public async Task<RenewalInfo?> GetRenewalInfoAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        var directory = await DirectoryAsync(cancellationToken);
        if (directory.RenewalInfo is not { } address || AriCertificateId.Of(certificate) is not { } id)
            return null;
        var answer = await _transport.GetAsync(new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{id}"), cancellationToken);
        return answer.Read(document => RenewalInfo.Of(document, answer.RetryAfter));
    }

    /// <summary>Makes a certificate invalid (RFC 8555, section 7.6), as the account that it was issued to.</summary>
    public async Task RevokeAsync(X509Certificate2 certificate, RevocationReason reason, CancellationToken cancellationToken)
    {
        var directory = await DirectoryAsync(cancellationToken);
        var payload = Json(json =>
        {
            json.WriteString("certificate", Base64Url.EncodeToString(certificate.RawData));
            json.WriteNumber("reason", (int)reason);
        });
        await PostAsync(directory.RevokeCertificate ?? throw new IOException("the authority revokes nothing"), payload, cancellationToken);
    }

    /// <summary>
    /// Gives the account another key (RFC 8555, section 7.3.5): from then on the old one opens nothing. The new key is to be kept before this is called:
    /// an answer may be lost.
    /// </summary>
    public async Task ChangeKeyAsync(AccountKey newKey, CancellationToken cancellationToken)
    {
        var directory = await DirectoryAsync(cancellationToken);
        var account = await OpenAccountAsync(cancellationToken);
        var address = directory.KeyChange ?? throw new IOException("the authority lets nobody change keys");
        var change = Json(json =>
        {
            json.WriteString("account", account.AbsoluteUri);
            json.WritePropertyName("oldKey");
            json.WriteRawValue(_key.Jwk);
        });
        await PostAsync(address, JsonWebSignature.Sign(newKey, null, new RequestLine(address, null), change), cancellationToken);
        _key = newKey;
    }

    internal async Task<AcmeDirectory> DirectoryAsync(CancellationToken cancellationToken)
    {
        if (_directory is not null)
            return _directory;
        _directory = (await _transport.GetAsync(options.Directory, cancellationToken)).Read(AcmeDirectory.Of);
        _transport.UseNoncesOf(_directory.NewNonce);
        return _directory;
    }

    internal string KeyAuthorization(string token) => _key.KeyAuthorization(token);

    /// <summary>"POST-as-GET" (RFC 8555, section 6.3).</summary>
    internal Task<AcmeAnswer> FetchAsync(Uri url, CancellationToken cancellationToken) => PostAsync(url, ReadOnlyMemory<byte>.Empty, cancellationToken);

    /// <summary>A request of the account. Where the authority has forgotten the account, it is made anew, once.</summary>
    internal async Task<AcmeAnswer> PostAsync(Uri url, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await DirectoryAsync(cancellationToken);
        var account = await OpenAccountAsync(cancellationToken);
        try
        {
            return await PostAsync(url, account, payload, cancellationToken);
        }
        catch (AcmeException e) when (e.Problem.Is("accountDoesNotExist"))
        {
            options.OnEvent("the authority has forgotten our account; it is made anew");
            _account = null;
        }
        return await PostAsync(url, await OpenAccountAsync(cancellationToken), payload, cancellationToken);
    }

    internal static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private Task<AcmeAnswer> PostAsync(Uri url, Uri? account, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        _transport.PostAsync(url, line => JsonWebSignature.Sign(_key, account?.AbsoluteUri, line, payload.Span), cancellationToken);

    // RFC 8555, section 7.3.1: first asked for, so that a customer's key is used once and its terms are agreed to once.
    private async Task<Uri> FindOrMakeAccountAsync(CancellationToken cancellationToken)
    {
        var directory = await DirectoryAsync(cancellationToken);
        try
        {
            var found = await PostAsync(directory.NewAccount, null, Json(static json => json.WriteBoolean("onlyReturnExisting", true)), cancellationToken);
            var account = AddressOf(found);
            if (options.Email is { } email && !found.Read(document => HasContact(document, "mailto:" + email)))
                await PostAsync(account, account, Json(WriteContact), cancellationToken);
            return account;
        }
        catch (AcmeException e) when (e.Problem.Is("accountDoesNotExist"))
        {
            return await MakeAccountAsync(directory, cancellationToken);
        }
    }

    private async Task<Uri> MakeAccountAsync(AcmeDirectory directory, CancellationToken cancellationToken)
    {
        if (directory.RequiresExternalAccount && options.ExternalAccount is null)
            throw new AcmeException(new AcmeProblem("urn:ietf:params:acme:error:externalAccountRequired", "the authority takes customers alone: it wants the key that it gave you", 0, null));
        var answer = await PostAsync(directory.NewAccount, null, Json(json =>
        {
            json.WriteBoolean("termsOfServiceAgreed", true);
            WriteContact(json);
            if (options.ExternalAccount is { } external)
            {
                json.WritePropertyName("externalAccountBinding");
                json.WriteRawValue(JsonWebSignature.Bind(_key, external, directory.NewAccount));
            }
        }), cancellationToken);
        options.OnEvent($"an account was made at {options.Directory.Host}{(directory.TermsOfService is { } terms ? $"; its terms are agreed to: {terms}" : "")}");
        return AddressOf(answer);
    }

    private void WriteContact(Utf8JsonWriter json)
    {
        if (options.Email is null)
            return;
        json.WriteStartArray("contact");
        json.WriteStringValue("mailto:" + options.Email);
        json.WriteEndArray();
    }

    // Some authorities no longer show contacts, and some never keep any: then there is nothing to put right.
    private static bool HasContact(JsonElement account, string contact) =>
        !account.TryGetProperty("contact", out var contacts) || contacts.ValueKind != JsonValueKind.Array || contacts.GetArrayLength() == 0
        || contacts.EnumerateArray().Any(c => c.ValueKind == JsonValueKind.String && c.ValueEquals(contact));

    private static Uri AddressOf(AcmeAnswer answer) => answer.Location ?? throw new IOException($"{answer.Asked.Host} does not say where the account is");
}
