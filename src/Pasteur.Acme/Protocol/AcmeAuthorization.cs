using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>Whether we may speak for one name, and what would prove it (RFC 8555, section 7.1.4).</summary>
/// <param name="Name">Without "*.", even for a wildcard.</param>
/// <param name="Status">"pending", "valid", "invalid", "deactivated", "expired" or "revoked".</param>
internal sealed record AcmeAuthorization(string Name, string Status, IReadOnlyList<AcmeChallenge> Challenges)
{
    /// <summary>Why none of the challenges worked; null when the authority does not say.</summary>
    public AcmeProblem? Error => Challenges.Select(c => c.Error).FirstOrDefault(e => e is not null);

    public static AcmeAuthorization Of(JsonElement document)
    {
        var name = document.TryGetProperty("identifier", out var identifier) && identifier.ValueKind == JsonValueKind.Object ? identifier.Text("value") : null;
        var challenges = document.TryGetProperty("challenges", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
        return new AcmeAuthorization(
            name ?? throw new IOException("the authority's answer names nobody as \"identifier\""),
            document.Text("status") ?? "",
            [.. challenges.Take(AcmeLimits.MaxChallengesPerAuthorization).Select(AcmeChallenge.Of).OfType<AcmeChallenge>()]);
    }
}

/// <summary>One way to prove it (RFC 8555, section 8).</summary>
/// <param name="Type">"http-01", "dns-01", "tls-alpn-01", or one that we don't know.</param>
internal sealed record AcmeChallenge(string Type, string Token, Uri Url, AcmeProblem? Error)
{
    /// <returns>Null for one without a token: it is of a kind that we cannot answer.</returns>
    public static AcmeChallenge? Of(JsonElement document)
    {
        var (type, token, url) = (document.Text("type"), document.Text("token"), document.Url("url"));
        if (type is null || url is null || token is null || !IsToken(token))
            return null;
        return new AcmeChallenge(type, token, url, document.TryGetProperty("error", out var error) ? AcmeProblem.Of(error, 0) : null);
    }

    // RFC 8555, section 8.1: base64url. It becomes part of a path and of a DNS record: nothing else may be in it.
    private static bool IsToken(string text) =>
        text.Length is > 0 and <= AcmeLimits.MaxTokenLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
