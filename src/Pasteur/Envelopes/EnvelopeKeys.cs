using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Envelopes;

/// <summary>
/// What is derived from the link's key, and from the passphrase:
/// <code>
/// secret = KEY                                                        without a passphrase
///        = KEY ‖ PBKDF2-HMAC-SHA-256(passphrase, salt, rounds, 32)    with one (RFC 8018); UTF-8 of its NFC form
/// key    = HKDF-SHA-256(secret, salt "", info, 32)                    of AES-256 (RFC 5869)
/// proof  = HKDF-SHA-256(KEY,    salt "", info, 32)                    shows that somebody has the link
/// </code>
/// </summary>
internal static class EnvelopeKeys
{
    private const int DerivedBytes = 32;

    private static ReadOnlySpan<byte> ContentInfo => "pasteur envelope v1 content"u8;

    private static ReadOnlySpan<byte> ProofInfo => "pasteur envelope v1 proof"u8;

    /// <summary>In hexadecimal digits.</summary>
    public static string ProofOf(EnvelopeKey key) => Convert.ToHexStringLower(DeriveProof(key));

    /// <summary>What a site knows it by.</summary>
    public static string ProofHashOf(EnvelopeKey key) => Convert.ToHexStringLower(SHA256.HashData(DeriveProof(key)));

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

    private static byte[] DeriveProof(EnvelopeKey key) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Bytes.ToArray(), DerivedBytes, salt: [], ProofInfo.ToArray());
}
