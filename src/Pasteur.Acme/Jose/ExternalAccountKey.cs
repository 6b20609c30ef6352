using System.Buffers.Text;
using System.Security.Cryptography;

namespace Pasteur.Acme;

/// <summary>What a commercial authority gives its customers, so that an account is theirs (RFC 8555, section 7.3.4). Never shown.</summary>
public sealed class ExternalAccountKey
{
    private readonly byte[] _key;

    private ExternalAccountKey(string id, byte[] key) => (Id, _key) = (id, key);

    public string Id { get; }

    /// <param name="key">base64url, as authorities hand it out; padding and the other alphabet are tolerated.</param>
    /// <returns>Null when that is no key.</returns>
    public static ExternalAccountKey? Read(string id, string key)
    {
        var text = key.Trim().TrimEnd('=').Replace('+', '-').Replace('/', '_');
        try
        {
            return Base64Url.DecodeFromChars(text) is { Length: > 0 } bytes ? new ExternalAccountKey(id, bytes) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public override string ToString() => Id;

    internal byte[] Sign(byte[] data) => HMACSHA256.HashData(_key, data);
}
