using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Pastes;

/// <summary>
/// The secret that whoever pasted is told once, and shows later to change or delete the paste. The repository holds its SHA-256 alone;
/// that is enough for a secret of 130 random bits, which nobody can find by trying.
/// </summary>
internal sealed class OwnerToken
{
    public const int Length = 26;

    // Compared with when there is no paste, or one without an owner: what is given is hashed all the same.
    private static readonly byte[] NobodysHash = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    private readonly string _text;

    private OwnerToken(string text) => _text = text;

    public static OwnerToken Draw() => new(RandomNumberGenerator.GetString(PasteId.Alphabet, Length));

    /// <summary>As paste.json has it: lower-case hexadecimal digits.</summary>
    public string Hash() => Convert.ToHexStringLower(HashOf(_text));

    /// <summary>Whether the token that somebody shows is the one with this hash. Takes the same time whatever is right of it.</summary>
    /// <param name="hash">Of the paste; null when it has no owner, or does not exist.</param>
    public static bool Opens(string? given, string? hash)
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        var hasOwner = hash is { Length: 2 * SHA256.HashSizeInBytes } && Convert.FromHexString(hash, expected, out _, out _) == System.Buffers.OperationStatus.Done;
        if (!hasOwner) NobodysHash.CopyTo(expected);
        var isRight = CryptographicOperations.FixedTimeEquals(HashOf(given is { Length: <= Length } ? given : ""), expected);
        return isRight & hasOwner;
    }

    /// <summary>For its owner.</summary>
    public string Reveal() => _text;

    public override string ToString() => "(hidden)";

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
