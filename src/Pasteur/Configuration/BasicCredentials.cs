using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Configuration;

/// <summary>The user and password that a visitor must give (RFC 7617). Kept as digests: it can be compared, not shown.</summary>
internal sealed class BasicCredentials
{
    private readonly byte[] _digest;

    private BasicCredentials(byte[] digest) => _digest = digest;

    public static Parsed<BasicCredentials> Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
            return Parsed.Bad<BasicCredentials>("needs both a user and a password; write user:password");
        if (text.Any(char.IsControl))
            return Parsed.Bad<BasicCredentials>("has a control character in it; no browser can send one");
        return Parsed.Ok(new BasicCredentials(Digest(text)));
    }

    /// <summary>Takes the same time whatever is wrong. <paramref name="userAndPassword"/> is what the header holds: "user:password".</summary>
    public bool Match(string userAndPassword) => CryptographicOperations.FixedTimeEquals(Digest(userAndPassword), _digest);

    public override string ToString() => "(hidden)";

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
