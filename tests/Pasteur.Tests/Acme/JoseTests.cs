using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pasteur.Acme;

namespace Pasteur.Tests.Acme;

/// <summary>Signatures and thumbprints as RFC 7515 and RFC 7638 have them.</summary>
public sealed class JoseTests
{
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    [Fact]
    public void Rfc_7515_A_1_is_signed_to_the_byte()
    {
        var key = ExternalAccountKey.Read("kid", "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")!;

        var signed = Json(JsonWebSignature.Flatten(Bytes("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"), Bytes(Payload), key.Sign));

        Assert.Equal("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", signed.GetProperty("protected").GetString());
        Assert.Equal(Payload, signed.GetProperty("payload").GetString());
        Assert.Equal("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", signed.GetProperty("signature").GetString());
    }

    [Fact]
    public void Rfc_7515_A_3_verifies_with_the_same_key_that_verifies_ours()
    {
        using var key = AccountKey.Of(Rfc7515Key());
        using var verifier = Rfc7515Key();

        var ours = Json(JsonWebSignature.Flatten(Bytes("eyJhbGciOiJFUzI1NiJ9"), Bytes(Payload), key.Sign)).GetProperty("signature").GetString()!;

        foreach (var signature in new[] { ours, "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q" })
            Assert.True(verifier.VerifyData(Encoding.ASCII.GetBytes($"eyJhbGciOiJFUzI1NiJ9.{Payload}"), Bytes(signature), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void Rfc_7638_thumbprint_of_an_rsa_key()
    {
        const string modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        using var key = AccountKey.Of(RSA.Create(new RSAParameters { Modulus = Bytes(modulus), Exponent = Bytes("AQAB") }));

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key.Thumbprint);
        Assert.Equal("RS256", key.Algorithm);
        Assert.Equal("evaGxfADs6pSRb2LAv9IZ.NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key.KeyAuthorization("evaGxfADs6pSRb2LAv9IZ"));
    }

    [Fact]
    public void Header_names_the_key_before_there_is_an_account_and_the_account_afterwards()
    {
        using var key = AccountKey.Generate();
        var line = new RequestLine(new Uri("https://ca.example/new"), "nonce-1");

        var before = Header(JsonWebSignature.Sign(key, null, line, "{}"u8));
        var after = Header(JsonWebSignature.Sign(key, "https://ca.example/acct/1", line, []));

        Assert.Equal(["alg", "jwk", "nonce", "url"], before.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["alg", "kid", "nonce", "url"], after.EnumerateObject().Select(p => p.Name));
        Assert.Equal("ES256", after.GetProperty("alg").GetString());
        Assert.Equal("nonce-1", after.GetProperty("nonce").GetString());
        Assert.Equal("https://ca.example/new", before.GetProperty("url").GetString());
        Assert.Equal(key.Jwk, before.GetProperty("jwk").GetRawText());
    }

    [Theory]
    [InlineData("nistP384", 0)]
    [InlineData("", 1024)]
    public void Key_that_no_account_can_have_is_refused(string curve, int rsaBits)
    {
        using AsymmetricAlgorithm key = rsaBits > 0 ? RSA.Create(rsaBits) : ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));

        Assert.Null(AccountKey.FromPem(key.ExportPkcs8PrivateKeyPem()));
    }

    [Fact]
    public void Key_reads_back_from_its_pem_and_shows_none_of_it()
    {
        using var key = AccountKey.Generate();
        using var back = AccountKey.FromPem(key.ExportPem());

        Assert.Equal(key.Thumbprint, back!.Thumbprint);
        Assert.DoesNotContain(key.ExportPem().Split('\n')[1], $"{key}", StringComparison.Ordinal);
        Assert.Null(AccountKey.FromPem("nothing"));
    }

    private static ECDsa Rfc7515Key() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), Y = Bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0") },
        D = Bytes("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
    });

    private static JsonElement Header(byte[] signed) => Json(Bytes(Json(signed).GetProperty("protected").GetString()!));

    private static JsonElement Json(byte[] text) => JsonDocument.Parse(text).RootElement;

    private static byte[] Bytes(string base64Url) => Base64Url.DecodeFromChars(base64Url);
}
