namespace Pasteur.Pastes;

/// <summary>What became of a <see cref="NewPaste"/>.</summary>
internal abstract record CreateOutcome
{
    private CreateOutcome() { }

    /// <summary>Stored as durably as the site promises.</summary>
    /// <param name="Token">For whoever pasted, and for nobody else.</param>
    public sealed record Created(PasteId Id, OwnerToken Token) : CreateOutcome
    {
        /// <summary>When it ends; null when it stays.</summary>
        public DateTimeOffset? Expires { get; init; }
    }

    /// <summary>One that stays would have been taken. Nothing was stored.</summary>
    /// <param name="Reason">One line, fit to be shown to anybody.</param>
    public sealed record NoneEnds(string Reason) : CreateOutcome;

    /// <summary>So many that are burnt after reading wait to be read, and no more of them are taken. Nothing was stored.</summary>
    public sealed record TooManyUnread(int Count) : CreateOutcome;

    /// <summary>Too many pastes at once. Nothing was stored.</summary>
    public sealed record Busy : CreateOutcome;

    /// <summary>The store holds as much as it may. Nothing was stored.</summary>
    public sealed record Full : CreateOutcome;

    /// <summary>Whoever runs the site wants none of this content. Nothing was stored.</summary>
    public sealed record Blocked : CreateOutcome;

    /// <summary>The store takes no pastes now. Nothing was stored.</summary>
    public sealed record Unavailable(string Reason) : CreateOutcome;

    /// <summary>Stored here, but the remote refused it or its answer did not come: it may or may not survive.</summary>
    /// <param name="Reason">What the remote said, or what keeps it from answering: one line, fit to be shown to anybody.</param>
    public sealed record Undecided(PasteId Id, OwnerToken Token, string Reason) : CreateOutcome;
}
