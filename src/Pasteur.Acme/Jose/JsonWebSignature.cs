using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Pasteur.Acme;

// RFC 7515, section 7.2.2: the flattened JSON form, which is all that ACME uses.
//
//   {"protected":"<base64url>","payload":"<base64url>","signature":"<base64url>"}
//
//   The signature is over   protected "." payload   as they stand there.
/// <summary>Signs what is sent to an authority (RFC 8555, section 6.2).</summary>
internal static class JsonWebSignature
{
    public const string MediaType = "application/jose+json";

    /// <param name="account">The account's URL; null before there is one: then the public key itself stands in the header.</param>
    /// <param name="payload">Empty for a "POST-as-GET".</param>
    public static byte[] Sign(AccountKey key, string? account, RequestLine request, ReadOnlySpan<byte> payload) =>
        Flatten(Header(key.Algorithm, key.Jwk, account, request), payload, key.Sign);

    /// <summary>The binding of an account to a customer: the account's public key, signed with the customer's (RFC 8555, section 7.3.4).</summary>
    public static byte[] Bind(AccountKey account, ExternalAccountKey external, Uri newAccount) =>
        Flatten(Header("HS256", null, external.Id, new RequestLine(newAccount, null)), Encoding.ASCII.GetBytes(account.Jwk), external.Sign);

    public static byte[] Flatten(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Func<byte[], byte[]> sign)
    {
        var (first, second) = (Base64Url.EncodeToString(header), Base64Url.EncodeToString(payload));
        var signature = Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes($"{first}.{second}")));
        return Encoding.ASCII.GetBytes($$"""{"protected":"{{first}}","payload":"{{second}}","signature":"{{signature}}"}""");
    }

    private static ReadOnlySpan<byte> Header(string algorithm, string? jwk, string? keyId, RequestLine request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("alg", algorithm);
            if (keyId is not null)
            {
                json.WriteString("kid", keyId);
            }
            else
            {
                json.WritePropertyName("jwk");
                json.WriteRawValue(jwk!);
            }
            if (request.Nonce is not null)
                json.WriteString("nonce", request.Nonce);
            json.WriteString("url", request.Url.AbsoluteUri);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan;
    }
}

/// <summary>What ties a signature to one request: where it goes, and the server's word that makes it good for once.</summary>
internal readonly record struct RequestLine(Uri Url, string? Nonce);
