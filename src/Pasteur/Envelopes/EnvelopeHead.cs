using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pasteur.Envelopes;

/// <summary>The head of the content: <c>{"files":[{"name":"a.ml","size":312}, …],"language":"ocaml"}</c>. Unknown members are ignored.</summary>
internal sealed record EnvelopeHead(IReadOnlyList<EnvelopeHead.File?>? Files, string? Language)
{
    internal sealed record File(string? Name, long? Size);

    public static byte[] Write(EnvelopeContent content) => JsonSerializer.SerializeToUtf8Bytes(
        new EnvelopeHead([.. content.Files.Select(file => new File(file.Name, file.Bytes.Length))], content.Language), EnvelopeHeadJson.Default.EnvelopeHead);

    /// <summary>The files that the head finds in the body; null when it is no head, or speaks of another body.</summary>
    public static EnvelopeContent? Read(ReadOnlySpan<byte> json, ReadOnlyMemory<byte> body)
    {
        EnvelopeHead? head;
        try
        {
            head = JsonSerializer.Deserialize(json, EnvelopeHeadJson.Default.EnvelopeHead);
        }
        catch (JsonException)
        {
            return null;
        }
        if (head?.Files is not [_, ..]) return null;
        var files = new List<EnvelopeFile>(head.Files.Count);
        foreach (var file in head.Files)
        {
            if (file is not { Name: { } name, Size: >= 0 and var size } || size > body.Length) return null;
            files.Add(new EnvelopeFile(name, body[..(int)size]));
            body = body[(int)size..];
        }
        return body.IsEmpty ? new EnvelopeContent(files, head.Language) : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnvelopeHead))]
internal sealed partial class EnvelopeHeadJson : JsonSerializerContext;
