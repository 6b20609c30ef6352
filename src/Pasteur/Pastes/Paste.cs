using Pasteur.Envelopes;

namespace Pasteur.Pastes;

/// <summary>A stored paste, whole: what it says of itself and the bytes of its files.</summary>
internal sealed record Paste
{
    /// <summary>What stands in its URL: a <see cref="PasteId"/>, or the code that the OCaml Pasteur gave it.</summary>
    public required string Code { get; init; }

    /// <summary>Changes whenever anything of the paste does, and never otherwise: the name of its Git tree.</summary>
    public required string Tag { get; init; }

    /// <summary>Null when nobody wrote it down: a folder put there by hand, or a paste of the OCaml Pasteur.</summary>
    public DateTimeOffset? Created { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    /// <summary>Of the owner's token, lower-case hexadecimal digits; null when nobody owns it.</summary>
    public string? OwnerTokenHash { get; init; }

    /// <summary>From then on nobody is shown it; null: it stays.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <inheritdoc cref="PasteJson.EndSet"/>
    public DateTimeOffset? EndSet { get; init; }

    /// <inheritdoc cref="PasteJson.InHistory"/>
    public bool InHistory { get; init; }

    /// <summary>The branch that it is on, where that is one whose pastes end; null for the site's own.</summary>
    public string? ShortLivedBranch { get; init; }

    /// <summary>The inbox that it is on, and will leave for the site's own branch; null for any other.</summary>
    public string? Inbox { get; init; }

    /// <summary>The branch that its changes go to; null for the site's own.</summary>
    public string? Home => ShortLivedBranch ?? Inbox;

    /// <summary>Set when it asks before it opens, and is burnt when it was opened often enough. It is answered to no GET then.</summary>
    public Burning? Burns { get; init; }

    /// <summary>The code of the paste that this one was made from, or null.</summary>
    public string? Origin { get; init; }

    /// <summary>Those before this one, the first one first.</summary>
    public IReadOnlyList<PasteRevision> Earlier { get; init; } = [];

    /// <summary>Set when this is the paste as it was at a revision that somebody asked for by its number: as it is now.</summary>
    public Paste? Newest { get; init; }

    /// <summary>When this revision was made: the paste itself was <see cref="Created"/>.</summary>
    public DateTimeOffset? Edited { get; init; }

    /// <summary>Whether it was at a state that was made so; its tree may have become another since, as states of several servers were put in order.</summary>
    /// <param name="hasItsFiles">Whether its files now are those of that state: of two that servers made in the same second, one is not the other.</param>
    public bool WasAt(PasteRevision state, bool hasItsFiles) => Earlier.Any(earlier => IsSame(earlier, state)) || (hasItsFiles && IsSame(Revision, state));

    private static bool IsSame(PasteRevision one, PasteRevision other) => one.Made == other.Made && one.Author == other.Author && one.Comment == other.Comment;

    public PasteRevision Revision => new(Earlier.Count + 1, Tag, Edited ?? Created, Author, Comment);

    /// <summary>One of <see cref="Languages"/>, or null.</summary>
    public string? Language { get; init; }

    /// <summary>At least one, in the order in which they were pasted.</summary>
    public required IReadOnlyList<PasteFile> Files { get; init; }

    /// <summary>The OCaml Pasteur's browser encrypted it: the file holds hexadecimal digits, the key is in the link's fragment.</summary>
    public bool IsLegacyCiphertext { get; init; }

    /// <summary>Set when it is encrypted, judged by its bytes: an <see cref="EnvelopeMark"/> and nothing else. May be newer than this program.</summary>
    public int? EnvelopeVersion => Files is [var file] ? EnvelopeMark.VersionOf(file.Content.Span) : null;

    public long Size => Files.Sum(file => (long)file.Content.Length);
}
