using System.Collections.Immutable;

namespace Pasteur.Git.Journals;

/// <summary>A journal that takes no more entries, with the refs as they were at its last batch: what a roll turns into a pack.</summary>
/// <param name="Sequence">Of its last batch.</param>
internal sealed record SealedJournal(Journal Journal, ImmutableArray<RefState> Refs, long Sequence)
{
    /// <summary>True when the refs of a later journal must be on the disk before this one's objects can all be reached.</summary>
    public bool NeedsLater { get; init; }
}
