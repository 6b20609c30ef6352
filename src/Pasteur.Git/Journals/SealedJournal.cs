using System.Collections.Immutable;

namespace Pasteur.Git.Journals;

/// <summary>A journal that takes no more entries, with the refs as they were at its last batch: what a roll turns into a pack.</summary>
internal sealed record SealedJournal(Journal Journal, ImmutableArray<RefState> Refs);
