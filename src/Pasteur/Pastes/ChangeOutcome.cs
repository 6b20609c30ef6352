namespace Pasteur.Pastes;

/// <summary>What became of an edit or a deletion.</summary>
internal abstract record ChangeOutcome
{
    private ChangeOutcome() { }

    /// <summary>Done, as durably as the site promises.</summary>
    /// <param name="Revision">The one that the paste is at now; after a deletion, the last one that it had.</param>
    public sealed record Changed(PasteId Id, int Revision) : ChangeOutcome
    {
        /// <summary>When the paste ends, or would have; null when it stays.</summary>
        public DateTimeOffset? Expires { get; init; }

        /// <summary>History that lasts longer than the paste would have holds it.</summary>
        public bool IsInHistory { get; init; }

        /// <summary>Of a deletion: the history is going to be without it too.</summary>
        public bool IsForgotten { get; init; }
    }

    /// <summary>The token is not the owner's, or there is no such paste: whoever asks is not told which.</summary>
    public sealed record NotOwner : ChangeOutcome;

    /// <summary>The paste is no longer what the edit was made of.</summary>
    public sealed record Stale(Paste Current) : ChangeOutcome;

    /// <summary>The edit is not one of this paste. Nothing was changed.</summary>
    public sealed record Refused(ChangeRefusal Why) : ChangeOutcome;

    /// <summary>One that stays is taken, one that ends is not. Nothing was changed.</summary>
    /// <param name="Reason">One line, fit to be shown to anybody.</param>
    public sealed record NoneEnds(string Reason) : ChangeOutcome;

    /// <summary>Too much at once. Nothing was changed.</summary>
    public sealed record Busy : ChangeOutcome;

    /// <summary>The store holds as much as it may. Nothing was changed.</summary>
    public sealed record Full : ChangeOutcome;

    /// <summary>The store takes no writes now. Nothing was changed.</summary>
    public sealed record Unavailable(string Reason) : ChangeOutcome;

    /// <summary>Done here, but the remote refused it or its answer did not come: it may or may not last.</summary>
    /// <param name="Reason">One line, fit to be shown to anybody.</param>
    public sealed record Undecided(PasteId Id, string Reason) : ChangeOutcome;
}

/// <summary>Why an edit is none of this paste.</summary>
internal enum ChangeRefusal
{
    /// <summary>What was encrypted stays so, and what was not does too: a link has a key or has none.</summary>
    OtherKind,

    TooManyRevisions,

    /// <summary>Longer than a paste lives here, counted from when it was made, and than this one would have.</summary>
    TooLong,

    /// <summary>What is burnt after reading has one revision: an edit would show it, or change what somebody is about to open.</summary>
    Burns,
}
