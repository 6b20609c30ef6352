using System.Security.Cryptography;
using Pasteur.Configuration;

namespace Pasteur.Envelopes;

/// <summary>
/// What an encrypted paste is made of (docs/formats/envelope.md): made and opened here, by the terminal's client, and in the browser. The
/// site stores it and can read nothing of it.
/// </summary>
internal static class Envelope
{
    /// <param name="passphrase">Null for none: then whoever has the key can read it.</param>
    public static byte[] Seal(EnvelopeContent content, EnvelopeKey key, string? passphrase)
    {
        var padded = Padding.Pad(PackedContent.Pack(content));
        var header = EnvelopeHeader.Draw(withPassphrase: passphrase is not null);
        var envelope = new byte[header.Length + padded.Length + EnvelopeHeader.TagBytes];
        header.Write(envelope);
        var fixedParts = envelope.AsSpan(0, header.Length);
        var sealedBytes = envelope.AsSpan(header.Length);
        using var aes = new AesGcm(EnvelopeKeys.OfContent(key, header, passphrase), EnvelopeHeader.TagBytes);
        aes.Encrypt(header.Iv, padded, sealedBytes[..padded.Length], sealedBytes[padded.Length..], fixedParts);
        return envelope;
    }

    /// <summary>Checks in the order of the format's table; nothing of the content is handed out before all of it is checked.</summary>
    /// <param name="key">As the link has it; null or empty when it has none.</param>
    /// <param name="passphrase">Null or empty while none was given.</param>
    public static EnvelopeOutcome Open(ReadOnlySpan<byte> envelope, string? key, string? passphrase)
    {
        if (EnvelopeHeader.Read(envelope, out var failure) is not { } header) return new EnvelopeOutcome.Failed(failure);
        if (EnvelopeKey.Parse(key) is not { } secret) return new EnvelopeOutcome.Failed(EnvelopeFailure.Key);
        if (header.HasPassphrase && string.IsNullOrEmpty(passphrase)) return new EnvelopeOutcome.Failed(EnvelopeFailure.Passphrase);
        // Who writes the envelope chooses how long its reader works: before any work is done.
        if (header.HasPassphrase && header.Rounds is < Limits.LeastPassphraseRounds or > Limits.MostPassphraseRounds)
            return new EnvelopeOutcome.Failed(EnvelopeFailure.Content);

        if (Unseal(envelope, header, EnvelopeKeys.OfContent(secret, header, passphrase)) is not { } padded)
            return new EnvelopeOutcome.Failed(EnvelopeFailure.Sealed);
        return Padding.Unpad(padded) is { } packed && PackedContent.Unpack(packed) is { } content
            ? new EnvelopeOutcome.Opened(content)
            : new EnvelopeOutcome.Failed(EnvelopeFailure.Content);
    }

    /// <summary>Null when the tag is wrong: another key, another passphrase, or other bytes.</summary>
    private static byte[]? Unseal(ReadOnlySpan<byte> envelope, EnvelopeHeader header, byte[] key)
    {
        var sealedBytes = envelope[header.Length..];
        var padded = new byte[sealedBytes.Length - EnvelopeHeader.TagBytes];
        using var aes = new AesGcm(key, EnvelopeHeader.TagBytes);
        try
        {
            aes.Decrypt(header.Iv, sealedBytes[..padded.Length], sealedBytes[padded.Length..], padded, envelope[..header.Length]);
            return padded;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
