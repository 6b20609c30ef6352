namespace Pasteur.Keys;

/// <summary>The secret that makes the key of an account, or of a certificate, wherever it is given (docs/formats/tls-seeds.md).</summary>
internal sealed class TlsSeed
{
    private TlsSeed(string token) => Token = token;

    /// <summary>The secret. For the derivation of keys alone.</summary>
    public string Token { get; }

    /// <summary>Null when it is none; the problem then continues a sentence, and holds nothing of the text.</summary>
    public static TlsSeed? Read(string text, out string? problem)
    {
        problem = SeedText.Problem(text, text);
        return problem is null ? new TlsSeed(text) : null;
    }

    public override string ToString() => "(hidden)";
}
