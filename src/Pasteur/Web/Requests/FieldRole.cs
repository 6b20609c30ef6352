
namespace Pasteur.Web.Requests;

/// <summary>What a form's field is for.</summary>
internal enum FieldRole
{
    Content,
    FileName,
    Title,
    Author,
    Comment,
    Language,
    LineNumbers,
    Raw,

    /// <summary>The one file is an envelope, sealed before it was sent.</summary>
    Encrypted,

    /// <summary>The name of the text that comes next: how a form sends several.</summary>
    NextName,

    /// <summary>The owner's secret.</summary>
    Token,

    /// <summary>What an edit was made of: a paste's tag.</summary>
    Base,

    /// <summary>The name of a file that an edit leaves as it is.</summary>
    Keep,

    /// <summary>The paste to be deleted, as 0x0.st has it.</summary>
    Delete,

    /// <summary>The code of the paste that a new one is made from.</summary>
    Origin,

    /// <summary>The owner's token is to be shown on a page.</summary>
    ShowToken,

    /// <summary>When it ends.</summary>
    Expires,

    /// <summary>It is burnt once it was read.</summary>
    Burn,

    /// <summary>It is burnt once it was read so often.</summary>
    Reads,

    /// <summary>SHA-256 of what whoever opens an encrypted paste that burns will show.</summary>
    ProofHash,
}

/// <summary>The names that the form and the clients people use give to fields.</summary>
internal static class FieldNames
{
    private static readonly Dictionary<string, FieldRole> Roles = new(StringComparer.Ordinal)
    {
        ["paste"] = FieldRole.Content,   // the form, and the OCaml Pasteur
        ["content"] = FieldRole.Content, // pastebinit
        ["sprunge"] = FieldRole.Content, // sprunge.us
        ["f:1"] = FieldRole.Content,     // ix.io
        ["file"] = FieldRole.Content,    // 0x0.st, and the form's files
        ["c"] = FieldRole.Content,       // pb
        ["text"] = FieldRole.Content,    // stikked
        ["data"] = FieldRole.Content,    // haste
        ["filename"] = FieldRole.FileName,
        ["title"] = FieldRole.Title,
        ["user"] = FieldRole.Author,
        ["poster"] = FieldRole.Author,
        ["author"] = FieldRole.Author,
        ["comment"] = FieldRole.Comment,
        ["hl"] = FieldRole.Language,
        ["syntax"] = FieldRole.Language,
        ["lang"] = FieldRole.Language,
        ["language"] = FieldRole.Language,
        ["ln"] = FieldRole.LineNumbers,
        ["raw"] = FieldRole.Raw,
        ["expires"] = FieldRole.Expires,
        ["burn"] = FieldRole.Burn,
        ["reads"] = FieldRole.Reads,
        ["proof-hash"] = FieldRole.ProofHash,
        ["encrypted"] = FieldRole.Encrypted,
        ["next-name"] = FieldRole.NextName,
        ["token"] = FieldRole.Token,
        ["base"] = FieldRole.Base,
        ["keep"] = FieldRole.Keep,
        ["delete"] = FieldRole.Delete,
        ["origin"] = FieldRole.Origin,
        ["show-token"] = FieldRole.ShowToken,
    };

    /// <summary>Null for fields that mean nothing here: clients send many.</summary>
    public static FieldRole? Role(ReadOnlySpan<char> name) =>
        Roles.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var role) ? role : null;
}
