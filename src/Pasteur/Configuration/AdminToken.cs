using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Configuration;

/// <summary>What opens /admin. Kept as a digest: it can be compared, not shown.</summary>
internal sealed class AdminToken
{
    private readonly byte[] _digest;

    private AdminToken(byte[] digest) => _digest = digest;

    public static Parsed<AdminToken> Parse(string text) =>
        text.Length < Limits.ShortestAdminToken ? Parsed.Bad<AdminToken>($"is too short; make one of {Limits.ShortestAdminToken} characters or more, such as: openssl rand -hex 16")
        : text.Length > Limits.MaxTokenLength || text.Any(char.IsControl) ? Parsed.Bad<AdminToken>($"is no token; give at most {Limits.MaxTokenLength} characters on one line")
        : Parsed.Ok(new AdminToken(Digest(text)));

    /// <summary>The token that is all of a file; the end of its line is dropped.</summary>
    public static Parsed<AdminToken> ReadFile(string path)
    {
        var read = SmallFile.ReadText(path, Limits.MaxTokenFileBytes);
        return read.IsOk ? Parse(read.Value.TrimEnd('\n').TrimEnd('\r')) : Parsed.Bad<AdminToken>(read.Problem);
    }

    /// <summary>Takes the same time whatever is wrong.</summary>
    public bool Match(string given) => CryptographicOperations.FixedTimeEquals(Digest(given), _digest);

    public override string ToString() => "(hidden)";

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
