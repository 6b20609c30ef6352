using System.Collections.Immutable;
using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>What recovery found: the refs on the disk, and the refs as the newest intact record of a journal has them.</summary>
internal sealed record RefsAtStart(
    ImmutableDictionary<string, ObjectId> OnDisk, ImmutableDictionary<string, ObjectId> Current, long Sequence);
