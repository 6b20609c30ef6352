using Pasteur.Git.Objects;

namespace Pasteur.Git.History;

/// <summary>Walks commits. A commit whose parent the store lacks is a root: shallow fetches end there.</summary>
internal static class Ancestry
{
    /// <summary>
    /// The commits that <paramref name="tip"/> reaches and <paramref name="known"/> does not, every parent before its children
    /// (<c>git rev-list --reverse --topo-order tip ^known</c>).
    /// </summary>
    public static List<ObjectId> Missing(ObjectStore store, ObjectId tip, ObjectId? known)
    {
        if (tip == known) return [];
        var covered = known is { } k ? CoveredWalk.Run(store, tip, k) : [];
        return TopologicalOrder(store, tip, covered);
    }

    public static bool IsAncestor(ObjectStore store, ObjectId ancestor, ObjectId descendant)
    {
        if (ancestor == descendant) return true;
        if (!store.TryReadLinks(ancestor, out var sought)) return false;
        var until = sought.Seconds - CoveredWalk.ClockSlackSeconds;
        var seen = new HashSet<ObjectId> { descendant };
        var waiting = new Stack<ObjectId>(seen);
        while (waiting.TryPop(out var id))
        {
            if (!store.TryReadLinks(id, out var links) || links.Seconds < until) continue;
            foreach (var parent in links.Parents)
            {
                if (parent == ancestor) return true;
                if (seen.Add(parent)) waiting.Push(parent);
            }
        }
        return false;
    }

    private static List<ObjectId> TopologicalOrder(ObjectStore store, ObjectId tip, HashSet<ObjectId> covered)
    {
        var order = new List<ObjectId>();
        if (covered.Contains(tip)) return order;
        var entered = new HashSet<ObjectId>();
        var path = new Stack<(ObjectId Id, bool ParentsDone)>();
        path.Push((tip, false));
        while (path.TryPop(out var top))
        {
            if (top.ParentsDone)
            {
                order.Add(top.Id);
                continue;
            }
            // A commit may wait here for several children; it counts from when it is entered, or one that is its parent too could come late.
            if (!entered.Add(top.Id) || !store.TryReadLinks(top.Id, out var links)) continue;
            path.Push((top.Id, true));
            for (var i = links.Parents.Length - 1; i >= 0; i--)
                if (!covered.Contains(links.Parents[i]) && !entered.Contains(links.Parents[i])) path.Push((links.Parents[i], false));
        }
        return order;
    }
}
