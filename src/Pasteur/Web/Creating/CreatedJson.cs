using System.Text.Json.Serialization;

namespace Pasteur.Web.Creating;

/// <summary>What a program is told of a paste that it made by form: the OCaml Pasteur's words, and where the bytes are.</summary>
internal sealed record CreatedJson(string Code, string Url, bool Ln, string? Hl, bool Raw, string RawUrl);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CreatedJson))]
internal sealed partial class CreatedJsonContext : JsonSerializerContext;
