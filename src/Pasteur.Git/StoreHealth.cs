namespace Pasteur.Git;

/// <summary>The state of a store for health pages and metrics.</summary>
/// <param name="Problem">Null while the store takes writes, else one line that says why not.</param>
/// <param name="JournalBytes">Bytes of journals that are not packs yet.</param>
/// <param name="Packs">Packs open for reading.</param>
/// <param name="Objects">Objects in packs and journals, copies counted.</param>
/// <param name="QueuedCommits">Commits waiting for the writer.</param>
public sealed record StoreHealth(string? Problem, long JournalBytes, int Packs, long Objects, int QueuedCommits)
{
    public bool Writable => Problem is null;

    /// <summary>Bytes of packs and journals: what all that is kept takes.</summary>
    public long Bytes { get; init; }
}
