using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Api;

/// <summary>Reads the JSON of a new paste into the form that every paste arrives in, so that the same bounds hold.</summary>
internal static class NewPasteReader
{
    public static void Read(ReadOnlySpan<byte> utf8, PasteForm form)
    {
        if (!TryParse(utf8, out var json) || (json.Files is not { Count: > 0 } && json.Keep is not { Count: > 0 } && json.Expires is null))
        {
            form.Refuse(words => words["refused.json"]);
            return;
        }
        form.AddOption("author", json.Author ?? "");
        form.AddOption("comment", json.Comment ?? "");
        if (json.Language is not null) form.AddOption("language", json.Language);
        form.AddOption("base", json.Base ?? "");
        form.AddOption("origin", json.Origin ?? "");
        form.AddOption("expires", json.Expires ?? "");
        if (json.Burn) form.AddOption("burn", "1");
        if (json.Reads is { } reads) form.AddOption("reads", reads.ToString(CultureInfo.InvariantCulture));
        form.AddOption("proof-hash", json.ProofHash ?? "");
        foreach (var kept in json.Keep ?? []) form.AddOption("keep", kept);
        form.AddOption("encrypted", json.Encrypted ?? "");
        foreach (var file in json.Files ?? [])
        {
            if (Bytes(file) is { } bytes) form.AddFile(file.Name, bytes);
            else form.Refuse(words => words["refused.json-file"]);
        }
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out NewPasteJson? json)
    {
        try
        {
            json = JsonSerializer.Deserialize(utf8, ApiJson.Default.NewPasteJson);
        }
        catch (JsonException)
        {
            json = null;
        }
        return json is not null;
    }

    private static byte[]? Bytes(NewFileJson? file)
    {
        if (file is { Content: { } text, Base64: null }) return Encoding.UTF8.GetBytes(text);
        if (file is not { Content: null, Base64: { } base64 }) return null;
        var bytes = new byte[(base64.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
