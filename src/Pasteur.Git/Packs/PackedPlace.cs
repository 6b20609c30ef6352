using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>Where an object's entry begins.</summary>
/// <param name="Locate">Finds the bases of reference deltas in the same data; null where there are none.</param>
internal readonly record struct PackedPlace(PackData Data, long Offset, Func<ObjectId, long>? Locate);
