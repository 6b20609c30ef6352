using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pasteur.Client;

/// <summary>What a site says of a paste; of its JSON, what matters here.</summary>
/// <param name="ReadsLeft">How often it can be opened still; null when it does not burn.</param>
/// <param name="Encrypted">The version of its envelope; null when it is in clear.</param>
internal sealed record PasteInfo(IReadOnlyList<PasteInfo.File?>? Files, int? ReadsLeft, string? Encrypted)
{
    internal sealed record File(string? Name, string? Content, string? Base64)
    {
        /// <summary>Null when neither is there.</summary>
        public byte[]? Bytes => Content is not null ? Encoding.UTF8.GetBytes(Content) : Base64 is not null ? FromBase64(Base64) : null;

        private static byte[]? FromBase64(string text)
        {
            var bytes = new byte[(text.Length / 4 * 3) + 3];
            return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
        }
    }

    /// <summary>The names of its files, at least one; null when this says nothing of a paste.</summary>
    public IReadOnlyList<string>? Names => Files is [_, ..] && Files.All(file => file?.Name is not null) ? [.. Files.Select(file => file!.Name!)] : null;

    /// <summary>Null when it is no such JSON.</summary>
    public static PasteInfo? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PasteInfoJson.Default.PasteInfo);
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
