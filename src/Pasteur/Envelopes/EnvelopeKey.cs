using System.Buffers.Text;
using System.Security.Cryptography;

namespace Pasteur.Envelopes;

/// <summary>The secret in the link behind <c>#</c>: 32 random bytes, written in base64url without padding (RFC 4648 section 5).</summary>
internal sealed class EnvelopeKey
{
    private const int Characters = 43;
    private const int ByteCount = 32;

    private readonly byte[] _bytes;

    private EnvelopeKey(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static EnvelopeKey Draw() => new(RandomNumberGenerator.GetBytes(ByteCount));

    /// <summary>Null when the text is no key.</summary>
    public static EnvelopeKey? Parse(string? text)
    {
        if (text is not { Length: Characters } || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return null;
        // The last character holds two bits more than there are bytes for; as in the browser, they say nothing.
        var bytes = Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + "=");
        return new EnvelopeKey(bytes);
    }

    /// <summary>For the link.</summary>
    public string Reveal() => Base64Url.EncodeToString(_bytes);

    public override string ToString() => "(hidden)";
}
