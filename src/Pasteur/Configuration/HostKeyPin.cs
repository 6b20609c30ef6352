namespace Pasteur.Configuration;

/// <summary>A host key that is trusted: its fingerprint as `ssh-keygen -l -E sha256` prints it, SHA256: and base64 without padding.</summary>
internal sealed record HostKeyPin(string Fingerprint)
{
    private const string Prefix = "SHA256:";
    private const int DigestBytes = 32;

    public static Parsed<HostKeyPin> Parse(string text)
    {
        const string how = "give SHA256: and the 43 characters that ssh-keygen -l -E sha256 prints";
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return Parsed.Bad<HostKeyPin>($"is not the fingerprint of a host key; {how}");
        var digest = new byte[DigestBytes];
        var base64 = text[Prefix.Length..] + "=";
        // Encoded again, or bits beyond the digest would make a pin that no host can have.
        return Convert.TryFromBase64String(base64, digest, out var count) && count == DigestBytes && Convert.ToBase64String(digest) == base64
            ? Parsed.Ok(new HostKeyPin(text))
            : Parsed.Bad<HostKeyPin>($"is not whole; {how}");
    }

    public override string ToString() => Fingerprint;
}
