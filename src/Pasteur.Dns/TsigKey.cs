using Pasteur.Dns.Messages;
using Pasteur.Dns.Signing;

namespace Pasteur.Dns;

/// <summary>A secret that we share with a DNS server (RFC 8945). Shown, it is its name and algorithm.</summary>
public sealed class TsigKey
{
    private const string How = "write name:algorithm:secret, such as acme-key:hmac-sha256:…, with the secret in base64";

    private readonly byte[] _secret;

    private TsigKey(DnsName name, TsigAlgorithm algorithm, byte[] secret) => (Name, Algorithm, _secret) = (name, algorithm, secret);

    internal DnsName Name { get; }

    internal TsigAlgorithm Algorithm { get; }

    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Reads name:algorithm:secret. Null when it is none; the problem then continues a sentence, and holds nothing of the text.</summary>
    public static TsigKey? Read(string text, out string? problem)
    {
        var parts = text.Split(':');
        problem = null;
        if (text.Length > DnsLimits.MaxKeyTextLength || parts.Length != 3)
        {
            problem = $"is not a key; {How}";
        }
        else if (TsigAlgorithm.Find(parts[1]) is not { } algorithm)
        {
            problem = TsigAlgorithm.Find(parts[0]) is null
                ? "has an algorithm that is unknown or too weak; give hmac-sha256, hmac-sha384 or hmac-sha512"
                : $"has its algorithm first; {How}";
        }
        else if (!DnsName.TryParse(parts[0], out var name))
        {
            problem = $"begins with no name of a key; {How}";
        }
        else if (DecodeSecret(parts[2]) is not { } secret)
        {
            problem = "has a secret that is not base64, or none; copy it as it stands in the server's configuration";
        }
        else
        {
            return new TsigKey(name, algorithm, secret);
        }
        return null;
    }

    public override string ToString() => $"{Name} ({Algorithm.Text})";

    private static byte[]? DecodeSecret(string base64)
    {
        var secret = new byte[DnsLimits.MaxSecretBytes];
        return Convert.TryFromBase64String(base64, secret, out var length) && length > 0 ? secret[..length] : null;
    }
}
