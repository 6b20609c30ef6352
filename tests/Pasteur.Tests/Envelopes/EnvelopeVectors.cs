using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pasteur.Tests.Envelopes;

/// <summary>docs/formats/envelope-vectors.json, which make-vectors.mjs made with another implementation's cryptography.</summary>
internal sealed record EnvelopeVector(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("envelope")] string Hex,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("passphrase")] string? Passphrase,
    [property: JsonPropertyName("files")] IReadOnlyList<EnvelopeVector.File>? Files,
    [property: JsonPropertyName("language")] string? Language,
    [property: JsonPropertyName("fails")] string? Fails,
    [property: JsonPropertyName("proof")] string? Proof)
{
    internal sealed record File([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("bytes")] string Hex);

    public static IReadOnlyList<EnvelopeVector> All { get; } =
        JsonSerializer.Deserialize<List<EnvelopeVector>>(System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "envelope-vectors.json")))!;

    public byte[] Envelope => Convert.FromHexString(Hex);

    public static EnvelopeVector Of(string name) => All.Single(vector => vector.Name == name);
}
