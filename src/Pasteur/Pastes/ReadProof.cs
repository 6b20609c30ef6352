using System.Buffers;
using System.Security.Cryptography;

namespace Pasteur.Pastes;

/// <summary>
/// What whoever opens an encrypted paste that burns shows for having its key (docs/formats/envelope.md): 32 bytes, in lower-case hexadecimal
/// digits. The repository holds the SHA-256 of them alone.
/// </summary>
internal static class ReadProof
{
    private const int Length = 2 * SHA256.HashSizeInBytes;

    /// <summary>Whether a hash that somebody sends is one.</summary>
    public static bool IsHash(string? text) => text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);

    /// <param name="hash">Of the paste; null: it asks for none.</param>
    public static bool Opens(string? given, string? hash)
    {
        if (hash is null) return true;
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> proof = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> shown = stackalloc byte[SHA256.HashSizeInBytes];
        if (!IsHash(hash) || !IsHash(given)) return false;
        if (Convert.FromHexString(hash, expected, out _, out _) != OperationStatus.Done || Convert.FromHexString(given!, proof, out _, out _) != OperationStatus.Done) return false;
        SHA256.HashData(proof, shown);
        return CryptographicOperations.FixedTimeEquals(shown, expected);
    }
}
