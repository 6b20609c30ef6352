using Pasteur.Envelopes;

namespace Pasteur.Pastes;

/// <summary>What somebody wants kept. Text from outside: the store cleans names and bounds are already checked.</summary>
internal sealed record NewPaste
{
    public required IReadOnlyList<NewFile> Files { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    /// <summary>One of <see cref="Languages"/>, or null.</summary>
    public string? Language { get; init; }

    /// <summary>When it ends, to the second; null: never, or when the site says unless it <see cref="Stays"/>.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whoever pastes has said that it is to stay.</summary>
    public bool Stays { get; init; }

    /// <summary>So often it may be opened, and is burnt with the last time; null: as often as anybody likes.</summary>
    public int? Reads { get; init; }

    /// <summary>SHA-256 of what whoever opens it has to show; null: nothing.</summary>
    public string? ProofHash { get; init; }

    /// <summary>The code of the paste that this one is made from, as somebody says.</summary>
    public string? Origin { get; init; }

    /// <summary>Set when the one file is an <see cref="EnvelopeMark"/>.</summary>
    public int? EnvelopeVersion { get; init; }
}

/// <param name="Name">As given, or null for text that has no name.</param>
/// <param name="Content">Read before <see cref="PasteStore.CreateAsync"/> first yields: a pooled buffer may stand behind it.</param>
internal sealed record NewFile(string? Name, ReadOnlyMemory<byte> Content);
