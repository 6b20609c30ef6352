using System.Collections.Immutable;
using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>What recovery found: the refs on the disk, and the refs as the newest intact record of a journal has them.</summary>
internal sealed record RefsAtStart(
    ImmutableDictionary<string, ObjectId> OnDisk, ImmutableDictionary<string, ObjectId> Current, long Sequence)
{
    /// <summary>Branches whose newer commits stand behind damage, with their tips, newest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ObjectId>> BehindDamage { get; init; } = ImmutableDictionary<string, IReadOnlyList<ObjectId>>.Empty;
}
