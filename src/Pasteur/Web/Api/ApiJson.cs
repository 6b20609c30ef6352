using System.Text.Json.Serialization;

namespace Pasteur.Web.Api;

/// <summary>What a program sends to make a paste. A file holds text in "content" or any bytes in "base64".</summary>
/// <param name="Encrypted">"v1" when the one file is an envelope.</param>
internal sealed record NewPasteJson(IReadOnlyList<NewFileJson>? Files, string? Author, string? Comment, string? Language, string? Encrypted);

internal sealed record NewFileJson(string? Name, string? Content, string? Base64);

/// <summary>A paste as programs see it.</summary>
/// <param name="Encrypted">"v1" when the one file is an envelope; null when it is in clear.</param>
internal sealed record PasteView(
    string Code, string Url, DateTimeOffset? Created, string? Author, string? Comment, string? Language, string? Encrypted, IReadOnlyList<FileView> Files)
{
    /// <summary>Of its owner: told to whoever makes a paste, and never again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }
}

/// <param name="Content">The text; null for what is no text, which "base64" then holds.</param>
internal sealed record FileView(string Name, long Size, string MediaType, string Url, string? Content, string? Base64);

/// <summary>The serializers of what goes over the wire, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8)]
[JsonSerializable(typeof(NewPasteJson))]
[JsonSerializable(typeof(PasteView))]
internal sealed partial class ApiJson : JsonSerializerContext;
