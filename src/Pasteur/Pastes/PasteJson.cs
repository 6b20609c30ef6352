using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pasteur.Pastes;

/// <summary>
/// The file paste.json that lies beside the files of a paste, format 1 (docs/formats/repository.md):
/// <code>
/// { "format": 1, "created": "2026-11-22T21:40:03Z", "author": "Ada", "comment": "first light", "language": "ocaml",
///   "files": [ { "name": "store.ml", "stored": "store.ml", "size": 312, "mediaType": "text/plain" } ],
///   "expires": null, "envelope": null, "ownerTokenHash": null, "revisions": 1 }
/// </code>
/// </summary>
internal sealed record PasteJson
{
    public const int CurrentFormat = 1;

    public int Format { get; init; }

    public DateTimeOffset? Created { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    public string? Language { get; init; }

    public IReadOnlyList<PasteJsonFile>? Files { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>When its owner has said last when it ends; null: never. Of two places that hold it, the one where this is later counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndSet { get; init; }

    /// <summary>History that lasts longer than it does holds what it was before it was given its end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool InHistory { get; init; }

    /// <summary>Set for what was encrypted before it came here; null for what is stored in clear.</summary>
    public PasteJsonEnvelope? Envelope { get; init; }

    public string? OwnerTokenHash { get; init; }

    public int Revisions { get; init; } = 1;

    /// <summary>When this revision was made; null for the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Edited { get; init; }

    /// <summary>The paste that this one was made from, by somebody who used it as the start of a new one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Origin { get; init; }

    /// <summary>So often it may be opened, and is burnt with the last time; null: as often as anybody likes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Reads { get; init; }

    /// <summary>A <see cref="ReadMark"/> for each time that it was opened, the first one first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ReadBy { get; init; }

    /// <summary>SHA-256 of what whoever opens it has to show, lower-case hexadecimal digits; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProofHash { get; init; }

    /// <summary>The revisions before this one, the first one first. Their files are in the history.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PasteJsonRevision>? Earlier { get; init; }

    /// <summary>The same, opened so often; when it is burnt with that, nothing else of it is left.</summary>
    public PasteJson WithReads(IReadOnlyList<string> marks) => marks.Count < Reads
        ? this with { ReadBy = marks }
        : new PasteJson { Format = Format, Created = Created, Expires = Expires, Files = [], OwnerTokenHash = OwnerTokenHash, Reads = Reads, ReadBy = marks };

    public byte[] ToUtf8() => [.. JsonSerializer.SerializeToUtf8Bytes(this, StoredJson.Readable.PasteJson), (byte)'\n'];

    /// <summary>Null when the bytes are no such file: somebody else may commit anything, and the files beside it still count.</summary>
    public static PasteJson? Parse(ReadOnlySpan<byte> utf8) => StoredJson.Parse(utf8, StoredJson.Readable.PasteJson);
}

/// <summary>A file of a paste: the name shown, the name in the repository, and what it held when it was stored.</summary>
internal sealed record PasteJsonFile(string? Name, string? Stored, long Size, string? MediaType);

/// <summary>An earlier revision of a paste: its folder's Git tree, and what was said of it.</summary>
internal sealed record PasteJsonRevision(string? Tree, DateTimeOffset? Made, string? Author, string? Comment);

/// <summary>Of an encrypted paste: which version its one file is in. All else stands in that file.</summary>
internal sealed record PasteJsonEnvelope(int Version);

/// <summary>pasteur.json at the root: which format the whole repository is in.</summary>
internal sealed record RepositoryJson(int Format)
{
    public const string Path = "pasteur.json";

    public static byte[] CurrentUtf8 { get; } = "{\"format\": 1}\n"u8.ToArray();

    public static RepositoryJson? Parse(ReadOnlySpan<byte> utf8) => StoredJson.Parse(utf8, StoredJson.Readable.RepositoryJson);
}

/// <summary>A root file as the OCaml Pasteur wrote it.</summary>
internal sealed record LegacyJson(string? Contents, bool Encrypted)
{
    public static LegacyJson? Parse(ReadOnlySpan<byte> utf8) => StoredJson.Parse(utf8, StoredJson.Readable.LegacyJson);
}

/// <summary>The serializers of what lies in the repository, made at compile time. People read these files in Git: indented, é is é.</summary>
[JsonSerializable(typeof(PasteJson))]
[JsonSerializable(typeof(RepositoryJson))]
[JsonSerializable(typeof(LegacyJson))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    public static StoredJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
        MaxDepth = 8,
    });

    public static T? Parse<T>(ReadOnlySpan<byte> utf8, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
