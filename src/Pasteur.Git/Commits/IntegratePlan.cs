using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

internal enum IntegrateKind
{
    /// <summary>Ours hold the other side's tip already: a push whose answer was lost.</summary>
    Holds,

    /// <summary>The other side went on: ours are put on top.</summary>
    Replay,

    /// <summary>The other side went back or elsewhere: ours are kept aside, and put on top.</summary>
    ReplayRewound,

    /// <summary>The other side went back on the way that ours came: it lacks nothing but what we still have.</summary>
    HoldsRewound,

    /// <summary>The other side went back or elsewhere, and nothing is to be done about it.</summary>
    Stop,
}

/// <summary>
/// What an integration has to do, as far as the histories tell. Long histories are walked for it, so it is made beside the writer where
/// that is possible, and holds as long as the refs do that it was made of.
/// </summary>
/// <param name="Ours">Our branch's tip.</param>
/// <param name="Seen">The tip that the other side was seen with last, or null.</param>
/// <param name="Waiting">Our commits to put on top, parents first. Grows with <see cref="TryFollow"/>.</param>
internal sealed record IntegratePlan(ObjectId Ours, ObjectId? Seen, IntegrateKind Kind, List<ObjectId> Waiting)
{
    public static IntegratePlan Of(ObjectStore store, OtherSide other, ObjectId ours, ObjectId? seen)
    {
        var known = seen ?? other.Tip;
        var waiting = Ancestry.Missing(store, ours, known);
        if (HoldsTip(store, other.Tip, waiting)) return new(ours, seen, IntegrateKind.Holds, waiting);
        if (Ancestry.IsAncestor(store, known, other.Tip)) return new(ours, seen, IntegrateKind.Replay, waiting);
        if (other.OnRewind == RewindPolicy.Stop) return new(ours, seen, IntegrateKind.Stop, waiting);
        if (other.OnRewind == RewindPolicy.Follow) return new(ours, seen, IntegrateKind.ReplayRewound, waiting);
        return Ancestry.IsAncestor(store, other.Tip, ours)
            ? new(ours, seen, IntegrateKind.HoldsRewound, waiting)
            : new(ours, seen, IntegrateKind.ReplayRewound, Ancestry.Missing(store, ours, other.Tip));
    }

    /// <summary>The plan for our branch as it is now, when it has only grown since; null when another must be made.</summary>
    public IntegratePlan? TryFollow(ObjectStore store, ObjectId tip, ObjectId ours, ObjectId? seen)
    {
        if (seen != Seen) return null;
        if (ours == Ours) return this;
        if (!Ancestry.IsAncestor(store, Ours, ours)) return null;
        var newer = Ancestry.Missing(store, ours, Ours);
        if (HoldsTip(store, tip, newer)) return null;
        Waiting.AddRange(newer);
        return this with { Ours = ours };
    }

    // True when the tip is one of ours that wait, or one of them was made on it.
    private static bool HoldsTip(ObjectStore store, ObjectId tip, List<ObjectId> waiting) =>
        waiting.Contains(tip) || waiting.Any(id => store.ReadLinks(id).Parents.Contains(tip));
}
