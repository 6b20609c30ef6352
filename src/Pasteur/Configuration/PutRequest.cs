namespace Pasteur.Configuration;

/// <summary>What <c>pasteur put</c> is asked to do.</summary>
internal sealed record PutRequest
{
    public const string StandardInput = "-";

    /// <summary>With a slash at its end.</summary>
    public required Uri Server { get; init; }

    public required BasicLogin? Login { get; init; }

    /// <summary>Paths, or <see cref="StandardInput"/>; none where only the end of <see cref="Update"/> is to change.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required bool Encrypt { get; init; }

    public required PassphraseSource Passphrase { get; init; }

    public required string? Name { get; init; }

    public required string? Language { get; init; }

    public required string? Comment { get; init; }

    public required string? User { get; init; }

    /// <summary>When it ends, as the site reads it; null: the site decides.</summary>
    public string? Expires { get; init; }

    /// <summary>So often it may be opened, and is burnt with the last time; null: as often as anybody likes.</summary>
    public int? Reads { get; init; }

    /// <summary>The paste that gets a new revision; null for a new paste.</summary>
    public PasteLink? Update { get; init; }

    /// <summary>The owner's, for <see cref="Update"/>.</summary>
    public string? Token { get; init; }
}

/// <summary>What <c>pasteur delete</c> is asked to do.</summary>
internal sealed record DeleteRequest(PasteLink Link, BasicLogin? Login, string Token);

/// <summary>What <c>pasteur get</c> is asked to do.</summary>
internal sealed record GetRequest
{
    public required PasteLink Link { get; init; }

    public required BasicLogin? Login { get; init; }

    /// <summary>Null for standard output.</summary>
    public required string? Output { get; init; }

    public required bool Force { get; init; }

    public required PassphraseSource Passphrase { get; init; }
}

/// <summary>Where a passphrase comes from. As text it does not hold it.</summary>
/// <param name="IsWanted">A new envelope gets one.</param>
/// <param name="Given">By a variable; null: it is asked for.</param>
internal sealed record PassphraseSource(bool IsWanted, string? Given)
{
    public override string ToString() => "(hidden)";
}
