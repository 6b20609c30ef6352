using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Pasteur.Envelopes;

/// <summary>
/// What the browsers of the OCaml Pasteur's readers encrypted: hexadecimal digits of AES-128-CBC with PKCS #7 padding (RFC 5652 section 6.3)
/// and an initialization vector that never changed. The key is a JSON Web Key (RFC 7517), its JSON in base64 behind the <c>#</c> of the link.
/// Nothing authenticates it: what opens with the wrong key is told from text only by not being UTF-8. It is read, and never made.
/// </summary>
internal static class LegacyCiphertext
{
    private const int KeyBytes = 16, BlockDigits = 32;

    private static ReadOnlySpan<byte> Iv => [0x48, 0x3b, 0x2e, 0xc4, 0x44, 0x0d, 0x2c, 0xb0, 0x46, 0xf4, 0xd5, 0x76, 0xa1, 0x94, 0x26, 0x0d];

    public static EnvelopeOutcome Open(ReadOnlySpan<byte> digits, string key)
    {
        var hex = Encoding.ASCII.GetString(digits.Trim(" \r\n"u8));
        if (hex.Length == 0 || !hex.All(char.IsAsciiHexDigit)) return new EnvelopeOutcome.Failed(EnvelopeFailure.None);
        if (hex.Length % BlockDigits != 0) return new EnvelopeOutcome.Failed(EnvelopeFailure.Cut);
        if (ReadKey(key) is not { Length: KeyBytes } secret) return new EnvelopeOutcome.Failed(EnvelopeFailure.Key);
        using var aes = Aes.Create();
        aes.Key = secret;
        try
        {
            var text = aes.DecryptCbc(Convert.FromHexString(hex), Iv);
            if (Utf8.IsValid(text)) return new EnvelopeOutcome.Opened(new EnvelopeContent([new EnvelopeFile("paste.txt", text)], null));
        }
        catch (CryptographicException)
        {
            // No padding: the wrong key.
        }
        return new EnvelopeOutcome.Failed(EnvelopeFailure.Sealed);
    }

    private static byte[]? ReadKey(string key)
    {
        try
        {
            return JsonSerializer.Deserialize(FromBase64(key), LegacyKeyJson.Default.LegacyKey) is { K: { } k } ? FromBase64(k) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Of either alphabet (RFC 4648), padded or not.</summary>
    private static byte[] FromBase64(string text)
    {
        var digits = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(digits + new string('=', -digits.Length & 3));
    }
}

/// <param name="K">The secret, in base64url.</param>
internal sealed record LegacyKey(string? K);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LegacyKey))]
internal sealed partial class LegacyKeyJson : JsonSerializerContext;
