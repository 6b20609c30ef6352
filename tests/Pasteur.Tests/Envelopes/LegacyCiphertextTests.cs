using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pasteur.Envelopes;

namespace Pasteur.Tests.Envelopes;

/// <summary>As the OCaml Pasteur's page encrypted: the vector stands here too, so that no later change can move both (see legacy.test.js).</summary>
public sealed class LegacyCiphertextTests
{
    private const string Clear = "let () = print_endline \"é ☃\"\n";

    private static readonly byte[] s_iv = Convert.FromHexString("483b2ec4440d2cb046f4d576a194260d");
    private static readonly byte[] s_secret = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");

    [Fact]
    public void Fixed_ciphertext_opens() => AssertOpens("hello, world\n", "7233db40830aea10addcf87f36617d41",
        "eyJhbGciOiJBMTI4Q0JDIiwiZXh0Ijp0cnVlLCJrIjoiang0dFBFdGFhWGlIbHFXMHc5TGg4QSIsImtleV9vcHMiOlsiZW5jcnlwdCIsImRlY3J5cHQiXSwia3R5Ijoib2N0In0=");

    [Fact]
    public void Digits_are_of_either_case_and_the_key_padded_or_not()
    {
        AssertOpens(Clear, Sealed(Clear), KeyOf(s_secret));
        AssertOpens(Clear, Sealed(Clear).ToUpperInvariant() + "\n", KeyOf(s_secret).TrimEnd('='));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("%")]
    [InlineData("bm8=")]
    [InlineData("e30=")]
    [InlineData("eyJrIjo1fQ==")]
    [InlineData("eyJrIjoiKiJ9")]
    public void What_is_no_key_is_told(string key) => AssertFails(EnvelopeFailure.Key, Sealed(Clear), key);

    [Fact]
    public void Key_of_another_length_is_told() => AssertFails(EnvelopeFailure.Key, Sealed(Clear), KeyOf(new byte[32]));

    [Fact]
    public void Wrong_key_shows_nothing_even_where_the_padding_fits_by_chance()
    {
        for (var i = 1; i <= 600; i++)
        {
            var wrong = new byte[16];
            BitConverter.TryWriteBytes(wrong, i);
            AssertFails(EnvelopeFailure.Sealed, Sealed(Clear), KeyOf(wrong));
        }
    }

    [Fact]
    public void What_is_no_ciphertext_is_told_to_be_none_or_cut()
    {
        foreach (var text in (string[])["", "hello", "zz", "é"]) AssertFails(EnvelopeFailure.None, text, KeyOf(s_secret));
        AssertFails(EnvelopeFailure.Cut, Sealed(Clear)[..^2], KeyOf(s_secret));
    }

    private static string Sealed(string text)
    {
        using var aes = Aes.Create();
        aes.Key = s_secret;
        return Convert.ToHexStringLower(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), s_iv));
    }

    private static string KeyOf(byte[] secret) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object> { ["alg"] = "A128CBC", ["k"] = System.Buffers.Text.Base64Url.EncodeToString(secret), ["kty"] = "oct" }));

    private static void AssertOpens(string text, string digits, string key)
    {
        var content = Assert.IsType<EnvelopeOutcome.Opened>(LegacyCiphertext.Open(Encoding.UTF8.GetBytes(digits), key)).Content;
        var file = Assert.Single(content.Files);
        Assert.Equal(("paste.txt", text), (file.Name, Encoding.UTF8.GetString(file.Bytes.Span)));
    }

    private static void AssertFails(EnvelopeFailure failure, string digits, string key) =>
        Assert.Equal(failure, Assert.IsType<EnvelopeOutcome.Failed>(LegacyCiphertext.Open(Encoding.UTF8.GetBytes(digits), key)).Failure);
}
