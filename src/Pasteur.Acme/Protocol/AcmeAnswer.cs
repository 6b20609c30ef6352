using System.Net.Http.Headers;
using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>What an authority answered, read whole.</summary>
internal sealed record AcmeAnswer
{
    public required int Status { get; init; }

    public required byte[] Body { get; init; }

    public required Uri Asked { get; init; }

    /// <summary>Where what was asked for has been made; null when that is not said.</summary>
    public Uri? Location { get; init; }

    public string? Nonce { get; init; }

    /// <summary>Null when it is not said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public IReadOnlyList<string> Links { get; init; } = [];

    public static AcmeAnswer Of(HttpResponseMessage response, byte[] body, Uri asked, DateTimeOffset now) => new()
    {
        Status = (int)response.StatusCode,
        Body = body,
        Asked = asked,
        Location = response.Headers.Location is { } location && new Uri(asked, location) is { Scheme: "https" } absolute ? absolute : null,
        Nonce = response.Headers.TryGetValues("Replay-Nonce", out var nonces) ? ReadNonce(nonces.First()) : null,
        RetryAfter = WishOf(response.Headers.RetryAfter, now),
        Links = response.Headers.TryGetValues("Link", out var links) ? [.. links] : [],
    };

    /// <summary>Addresses with this relation (RFC 8288): <c>&lt;address&gt;; rel="alternate"</c>.</summary>
    public IEnumerable<Uri> LinksOf(string relation)
    {
        foreach (var link in Links.SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries)))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            var isOne = link.StartsWith('<') && end > 0
                && link[(end + 1)..].Split(';', StringSplitOptions.TrimEntries).Any(p => p.Equals($"rel=\"{relation}\"", StringComparison.OrdinalIgnoreCase) || p.Equals($"rel={relation}", StringComparison.OrdinalIgnoreCase));
            if (isOne && Uri.TryCreate(Asked, link[1..end], out var address) && address.Scheme == Uri.UriSchemeHttps)
                yield return address;
        }
    }

    /// <summary>Reads the body as a JSON object, and makes something of it.</summary>
    /// <exception cref="IOException">It is none.</exception>
    public T Read<T>(Func<JsonElement, T> make)
    {
        try
        {
            using var document = JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = AcmeLimits.MaxJsonDepth });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return make(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new IOException(NoJson, e);
        }
        throw new IOException(NoJson);
    }

    private string NoJson => $"{Asked.Host} answers {Asked.AbsolutePath} with something else than an ACME document; is the address that of an ACME directory?";

    // RFC 8555, section 6.5.1: base64url; what is none is ignored.
    private static string? ReadNonce(string text) =>
        text.Length is > 0 and <= AcmeLimits.MaxTokenLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? text : null;

    private static TimeSpan? WishOf(RetryConditionHeaderValue? wish, DateTimeOffset now) => wish switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
