using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>Members of documents that an authority sends: each is there and of its kind, or is missing.</summary>
internal static class JsonFields
{
    public static string? Text(this JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>An address to send signed requests to: https, as RFC 8555, section 6.1 has it.</summary>
    public static Uri? Url(this JsonElement document, string name) => document.Text(name) is { } text ? ReadUrl(text) : null;

    /// <exception cref="IOException">There is none.</exception>
    public static Uri RequiredUrl(this JsonElement document, string name) =>
        document.Url(name) ?? throw new IOException($"the authority's answer has no https address as \"{name}\"");

    /// <exception cref="IOException">There are none, or too many.</exception>
    public static IReadOnlyList<Uri> RequiredUrls(this JsonElement document, string name)
    {
        if (!document.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > AcmeLimits.MaxIdentifiers)
            throw new IOException($"the authority's answer has no list of at most {AcmeLimits.MaxIdentifiers} addresses as \"{name}\"");
        return [.. list.EnumerateArray().Select(e => (e.ValueKind == JsonValueKind.String ? ReadUrl(e.GetString()!) : null)
            ?? throw new IOException($"\"{name}\" in the authority's answer holds what is no https address"))];
    }

    public static Uri? ReadUrl(string text) =>
        text.Length <= AcmeLimits.MaxUrlLength && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url : null;
}
