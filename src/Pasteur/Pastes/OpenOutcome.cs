namespace Pasteur.Pastes;

/// <summary>What became of a request to open a paste that burns.</summary>
internal abstract record OpenOutcome
{
    private OpenOutcome() { }

    /// <summary>That it was opened is as durable as the site promises: now it may be shown, this once.</summary>
    /// <param name="Left">So often it can be opened still.</param>
    public sealed record Opened(Paste Paste, int Left) : OpenOutcome;

    /// <summary>There is no such paste to open: none, not one that burns, or it is burnt.</summary>
    public sealed record NotThere : OpenOutcome;

    /// <summary>Whoever asks has not shown that the key is known. Nothing was burnt.</summary>
    public sealed record WrongProof : OpenOutcome;

    /// <summary>Too much at once. Nothing was burnt.</summary>
    public sealed record Busy : OpenOutcome;

    /// <summary>That it was opened cannot be kept now. Nothing was burnt.</summary>
    public sealed record Unavailable(string Reason) : OpenOutcome;

    /// <summary>It counts as opened here, but the remote's word on it did not come: somebody else may have been faster, so it is not shown.</summary>
    public sealed record Undecided(string Reason) : OpenOutcome;
}
