namespace Pasteur.Git.Fsck;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Place">The file, object or ref.</param>
/// <param name="IsDamage">False for what is odd but costs nothing, such as a file that a dead program has left.</param>
public sealed record FsckFinding(string Place, string Problem, bool IsDamage = true)
{
    public override string ToString() => $"{(IsDamage ? "damage" : "remark")}: {Place}: {Problem}";
}

/// <summary>What was looked at.</summary>
public sealed record FsckSummary(int Packs, long PackedObjects, int LooseObjects, long JournalObjects, int Refs, long ReachableObjects);
