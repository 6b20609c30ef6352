using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pasteur.Client;

/// <summary>What a site says of a paste; of its JSON, what matters here.</summary>
internal sealed record PasteInfo(IReadOnlyList<PasteInfo.File?>? Files)
{
    internal sealed record File(string? Name);

    /// <summary>The names of its files, at least one; null when this says nothing of a paste.</summary>
    public static IReadOnlyList<string>? NamesIn(ReadOnlySpan<byte> json)
    {
        try
        {
            var files = JsonSerializer.Deserialize(json, PasteInfoJson.Default.PasteInfo)?.Files;
            return files is [_, ..] && files.All(file => file?.Name is not null) ? [.. files.Select(file => file!.Name!)] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PasteInfo))]
internal sealed partial class PasteInfoJson : JsonSerializerContext;
