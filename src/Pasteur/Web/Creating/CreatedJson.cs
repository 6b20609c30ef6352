using System.Text.Json.Serialization;

namespace Pasteur.Web.Creating;

/// <summary>What a program is told of a paste that it made by form: the OCaml Pasteur's words, and where the bytes are.</summary>
/// <param name="Token">Its owner's.</param>
/// <param name="Expires">When it ends; null when it stays.</param>
internal sealed record CreatedJson(string Code, string Url, bool Ln, string? Hl, bool Raw, string RawUrl, string Token, DateTimeOffset? Expires);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CreatedJson))]
internal sealed partial class CreatedJsonContext : JsonSerializerContext;
