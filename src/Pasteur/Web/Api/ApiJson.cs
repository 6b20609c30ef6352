using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pasteur.Web.Api;

/// <summary>What a program sends to make a paste. A file holds text in "content" or any bytes in "base64".</summary>
/// <param name="Encrypted">"v1" when the one file is an envelope.</param>
internal sealed record NewPasteJson(IReadOnlyList<NewFileJson>? Files, string? Author, string? Comment, string? Language, string? Encrypted)
{
    /// <summary>Of an edit: the tag that it was made of.</summary>
    public string? Base { get; init; }

    /// <summary>Of an edit: names of files that stay as they are.</summary>
    public IReadOnlyList<string>? Keep { get; init; }

    /// <summary>When it ends, as <c>expires=</c> of a form says it.</summary>
    [JsonConverter(typeof(TextOrNumber))]
    public string? Expires { get; init; }

    /// <summary>Of a new paste: the one that it is made from.</summary>
    public string? Origin { get; init; }

    /// <summary>Of a new paste: it is burnt once it was read.</summary>
    public bool Burn { get; init; }

    /// <summary>Of a new paste: it is burnt once it was read so often.</summary>
    public int? Reads { get; init; }

    /// <summary>Of a new paste that is encrypted and burns: SHA-256 of the proof.</summary>
    public string? ProofHash { get; init; }

    /// <summary>Of a paste to be opened.</summary>
    public string? Proof { get; init; }
}

/// <summary>Text, or a number as text: seconds are a number to most programs.</summary>
internal sealed class TextOrNumber : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.String => reader.GetString(),
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

internal sealed record NewFileJson(string? Name, string? Content, string? Base64);

/// <summary>A paste as programs see it.</summary>
/// <param name="Encrypted">"v1" when the one file is an envelope; null when it is in clear.</param>
/// <param name="Revision">From 1; each edit makes another.</param>
/// <param name="Edited">When this revision was made, if it is not the first.</param>
/// <param name="Tag">Changes with every edit: an edit says by it what it was made of ("base").</param>
/// <param name="Origin">The code of the paste that it was made from.</param>
internal sealed record PasteView(
    string Code, string Url, DateTimeOffset? Created, string? Author, string? Comment, string? Language, string? Encrypted,
    int Revision, DateTimeOffset? Edited, string Tag, string? Origin, IReadOnlyList<FileView> Files)
{
    /// <summary>Of its owner: told to whoever makes a paste, and never again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    /// <summary>When it ends; null when it stays.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>It was given its end later: history that lasts longer holds what it was before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool InHistory { get; init; }

    /// <summary>So often it may be opened, and is burnt with the last time; missing where it burns not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Reads { get; init; }

    /// <summary>So often it can be opened still.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ReadsLeft { get; init; }
}

/// <param name="Content">The text; null for what is no text, which "base64" then holds.</param>
internal sealed record FileView(string Name, long Size, string MediaType, string Url, string? Content, string? Base64);

/// <summary>The revisions of a paste, the newest first.</summary>
internal sealed record RevisionsView(string Code, IReadOnlyList<RevisionView> Revisions);

internal sealed record RevisionView(int Revision, string Url, string Tag, DateTimeOffset? Made, string? Author, string? Comment);

/// <param name="Detail">What that means: the history keeps it.</param>
internal sealed record DeletedView(string Code, string Detail);

/// <summary>The serializers of what goes over the wire, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8)]
[JsonSerializable(typeof(NewPasteJson))]
[JsonSerializable(typeof(PasteView))]
[JsonSerializable(typeof(RevisionsView))]
[JsonSerializable(typeof(DeletedView))]
internal sealed partial class ApiJson : JsonSerializerContext;
