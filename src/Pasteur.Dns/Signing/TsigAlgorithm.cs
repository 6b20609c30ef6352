using System.Security.Cryptography;
using Pasteur.Dns.Messages;

namespace Pasteur.Dns.Signing;

/// <summary>What a signature is made with (RFC 8945 section 6): those that are neither broken nor rare.</summary>
internal sealed class TsigAlgorithm
{
    public static readonly TsigAlgorithm HmacSha256 = new("hmac-sha256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
    public static readonly TsigAlgorithm HmacSha384 = new("hmac-sha384", HashAlgorithmName.SHA384, SHA384.HashSizeInBytes);
    public static readonly TsigAlgorithm HmacSha512 = new("hmac-sha512", HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);

    private const string Prefix = "HMAC-";
    private static readonly TsigAlgorithm[] s_all = [HmacSha256, HmacSha384, HmacSha512];

    private TsigAlgorithm(string text, HashAlgorithmName hash, int macBytes)
    {
        (Text, Hash, MacBytes) = (text, hash, macBytes);
        Name = DnsName.TryParse(text, out var name) ? name : throw new ArgumentException("is no name", nameof(text));
    }

    public string Text { get; }

    public DnsName Name { get; }

    public HashAlgorithmName Hash { get; }

    public int MacBytes { get; }

    /// <summary>"hmac-sha256", or "SHA256" as MirageOS spells it; in any case, with or without a dot at its end. Null for others.</summary>
    public static TsigAlgorithm? Find(string text)
    {
        var word = text.TrimEnd('.').ToUpperInvariant();
        word = word.StartsWith(Prefix, StringComparison.Ordinal) ? word : Prefix + word;
        return Array.Find(s_all, algorithm => algorithm.Text.Equals(word, StringComparison.OrdinalIgnoreCase));
    }
}
