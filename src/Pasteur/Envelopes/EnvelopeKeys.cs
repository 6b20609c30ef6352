using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Envelopes;

/// <summary>
/// What is derived from the link's key, and from the passphrase:
/// <code>
/// secret = KEY                                                        without a passphrase
///        = KEY ‖ PBKDF2-HMAC-SHA-256(passphrase, salt, rounds, 32)    with one (RFC 8018); UTF-8 of its NFC form
/// key    = HKDF-SHA-256(secret, salt "", info, 32)                    of AES-256 (RFC 5869)
/// </code>
/// </summary>
internal static class EnvelopeKeys
{
    private const int DerivedBytes = 32;

    private static ReadOnlySpan<byte> ContentInfo => "pasteur envelope v1 content"u8;

    public static byte[] OfContent(EnvelopeKey key, EnvelopeHeader header, string? passphrase)
    {
        var derived = new byte[DerivedBytes];
        if (!header.HasPassphrase)
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Bytes, derived, salt: [], ContentInfo);
            return derived;
        }
        Span<byte> secret = stackalloc byte[2 * DerivedBytes];
        key.Bytes.CopyTo(secret);
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(ComposedText.Of(passphrase!)), header.Salt, secret[DerivedBytes..], (int)header.Rounds, HashAlgorithmName.SHA256);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, derived, salt: [], ContentInfo);
        return derived;
    }
}
