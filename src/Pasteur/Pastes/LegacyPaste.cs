using System.Text;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>Reads what the OCaml Pasteur left: a root file named by its code, holding {"contents": …, "encrypted": …}.</summary>
internal static class LegacyPaste
{
    /// <summary>Letters and digits only, so README.md, pasteur.json and whatever else lies at the root are never asked for.</summary>
    public static bool IsCode(string text) =>
        text.Length is > 0 and <= Limits.LongestIdLength && !text.AsSpan().ContainsAnyExcept(IdCharacters.LegacyValues);

    /// <summary>Null when the file is something else.</summary>
    public static Paste? Read(Snapshot snapshot, string code, ObjectId blob)
    {
        if (LegacyJson.Parse(snapshot.ReadBlob(blob)) is not { Contents: { } contents } legacy) return null;
        var tag = blob.ToString();
        return new Paste
        {
            Code = code,
            Tag = tag,
            Files = [new PasteFile("paste.txt", code, tag, Encoding.UTF8.GetBytes(contents))],
            IsLegacyCiphertext = legacy.Encrypted,
        };
    }
}
