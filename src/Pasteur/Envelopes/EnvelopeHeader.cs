using System.Buffers.Binary;
using System.Security.Cryptography;
using Pasteur.Configuration;

namespace Pasteur.Envelopes;

/// <summary>
/// The fixed parts before the sealed bytes, in clear, and authenticated with them. Numbers are big-endian:
/// <code>
/// magic:8     50 73 74 72 45 6e 76 0a ("PstrEnv" LF)
/// version:1   01
/// flags:1     01 with a passphrase, else 00
/// salt:16     with a passphrase only
/// rounds:4    with a passphrase only
/// iv:12
/// sealed      and 16 bytes of tag at its end
/// </code>
/// </summary>
/// <param name="Salt">Empty without a passphrase.</param>
/// <param name="Rounds">As it stands there, in range or not; 0 without a passphrase.</param>
internal sealed record EnvelopeHeader(byte[] Salt, uint Rounds, byte[] Iv)
{
    /// <summary>Of AES-GCM (NIST SP 800-38D).</summary>
    public const int TagBytes = 16;

    private const int VersionAt = 8, FlagsAt = 9, AfterFlags = 10;
    private const int SaltBytes = 16, RoundsBytes = 4, IvBytes = 12;
    private const byte PassphraseFlag = 1;

    public bool HasPassphrase => Salt.Length > 0;

    public int Length => AfterFlags + (HasPassphrase ? SaltBytes + RoundsBytes : 0) + IvBytes;

    /// <summary>One for a new envelope.</summary>
    public static EnvelopeHeader Draw(bool withPassphrase) => new(
        withPassphrase ? RandomNumberGenerator.GetBytes(SaltBytes) : [],
        withPassphrase ? (uint)Limits.LeastPassphraseRounds : 0,
        RandomNumberGenerator.GetBytes(IvBytes));

    /// <summary>Null when these bytes begin no envelope that this program can open, for the reason that <paramref name="failure"/> names.</summary>
    public static EnvelopeHeader? Read(ReadOnlySpan<byte> envelope, out EnvelopeFailure failure)
    {
        failure = EnvelopeFailure.None;
        if (!envelope.StartsWith(EnvelopeMark.Magic)) return null;
        failure = EnvelopeFailure.Newer;
        if (envelope.Length > VersionAt && envelope[VersionAt] != EnvelopeMark.Version) return null;
        if (envelope.Length > FlagsAt && (envelope[FlagsAt] & ~PassphraseFlag) != 0) return null;
        failure = EnvelopeFailure.Cut;
        if (envelope.Length < AfterFlags) return null;
        var hasPassphrase = envelope[FlagsAt] == PassphraseFlag;
        var rest = envelope[AfterFlags..];
        if (rest.Length < (hasPassphrase ? SaltBytes + RoundsBytes : 0) + IvBytes + TagBytes) return null;
        if (!hasPassphrase) return new EnvelopeHeader([], 0, rest[..IvBytes].ToArray());
        var salt = rest[..SaltBytes].ToArray();
        rest = rest[SaltBytes..];
        var rounds = BinaryPrimitives.ReadUInt32BigEndian(rest);
        return new EnvelopeHeader(salt, rounds, rest.Slice(RoundsBytes, IvBytes).ToArray());
    }

    public void Write(Span<byte> envelope)
    {
        EnvelopeMark.Magic.CopyTo(envelope);
        envelope[VersionAt] = EnvelopeMark.Version;
        envelope[FlagsAt] = HasPassphrase ? PassphraseFlag : (byte)0;
        var rest = envelope[AfterFlags..];
        if (HasPassphrase)
        {
            Salt.CopyTo(rest);
            BinaryPrimitives.WriteUInt32BigEndian(rest[SaltBytes..], Rounds);
            rest = rest[(SaltBytes + RoundsBytes)..];
        }
        Iv.CopyTo(rest);
    }
}
