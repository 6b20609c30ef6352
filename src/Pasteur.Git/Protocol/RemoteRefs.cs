using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>The refs of a remote that were asked for, and the branch its HEAD names (also one that is not born yet), if it says so.</summary>
public sealed record RemoteRefs(IReadOnlyDictionary<string, ObjectId> Tips, string? Head)
{
    public Dictionary<string, ObjectId> Pick(Func<string, ObjectId, bool> takes) => Pick(Tips, takes);

    // Without LINQ: over pairs of these it is forty kilobytes of the program.
    internal static Dictionary<string, ObjectId> Pick(IReadOnlyDictionary<string, ObjectId> refs, Func<string, ObjectId, bool> takes)
    {
        var picked = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var (name, id) in refs)
            if (takes(name, id)) picked.Add(name, id);
        return picked;
    }
}
