using System.Buffers.Text;
using System.Security.Cryptography;

namespace Pasteur.Keys;

// docs/formats/ssh-seed.md
//
//   [ "ed25519:" | "rsa3072:" | "rsa4096:" ]  token
//
//   The token has at least 20 characters of printable ASCII without spaces. No type: ed25519.
/// <summary>The secret that makes the same key wherever it is given.</summary>
internal sealed class SshSeed
{
    private const int RandomBytes = 32;

    private SshSeed(KeyType type, string token)
    {
        Type = type;
        Token = token;
    }

    public KeyType Type { get; }

    /// <summary>The secret part. For the derivation of keys alone.</summary>
    public string Token { get; }

    /// <summary>A fresh one.</summary>
    public static SshSeed Generate(KeyType type) => new(type, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));

    /// <summary>Null when it is none; the problem then continues a sentence, and holds nothing of the text.</summary>
    public static SshSeed? Read(string text, out string? problem)
    {
        var (type, token) = Split(text);
        problem = type is null
            ? "names an unknown type of key; the types are ed25519:, rsa3072: and rsa4096:"
            : SeedText.Problem(text, token);
        return problem is null ? new SshSeed(type!.Value, token) : null;
    }

    /// <summary>As it is given to --ssh-seed. Secret.</summary>
    public string Reveal() => $"{Name(Type)}:{Token}";

    public override string ToString() => "(hidden)";

    // What looks like a type and is none would otherwise silently become part of the secret of an ed25519 key.
    private static (KeyType? Type, string Token) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return (KeyType.Ed25519, text);
        foreach (var type in Enum.GetValues<KeyType>())
        {
            if (text.AsSpan(0, colon).SequenceEqual(Name(type)))
                return (type, text[(colon + 1)..]);
        }
        return text.StartsWith("rsa", StringComparison.OrdinalIgnoreCase) || text.StartsWith("ed", StringComparison.OrdinalIgnoreCase)
            ? (null, "")
            : (KeyType.Ed25519, text);
    }

    private static string Name(KeyType type) => type switch
    {
        KeyType.Ed25519 => "ed25519",
        KeyType.Rsa3072 => "rsa3072",
        KeyType.Rsa4096 => "rsa4096",
    };
}
