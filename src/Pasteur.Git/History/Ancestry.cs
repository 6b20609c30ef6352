using Pasteur.Git.Objects;

namespace Pasteur.Git.History;

/// <summary>Walks commits. A commit whose parent the store lacks is a root: shallow fetches end there.</summary>
internal static class Ancestry
{
    // Clocks of several servers differ; a walk by time goes this much further before it believes that it has passed a commit.
    private const long ClockSlackSeconds = 24 * 60 * 60;

    /// <summary>
    /// The commits that <paramref name="tip"/> reaches and <paramref name="known"/> does not, every parent before its children
    /// (<c>git rev-list --reverse --topo-order tip ^known</c>).
    /// </summary>
    public static List<ObjectId> Missing(ObjectStore store, ObjectId tip, ObjectId? known)
    {
        if (tip == known) return [];
        var covered = known is { } k ? Covered(store, tip, k) : [];
        return TopologicalOrder(store, tip, covered);
    }

    public static bool IsAncestor(ObjectStore store, ObjectId ancestor, ObjectId descendant)
    {
        if (ancestor == descendant) return true;
        if (!store.TryReadCommit(ancestor, out var sought)) return false;
        var until = Seconds(sought) - ClockSlackSeconds;
        var seen = new HashSet<ObjectId> { descendant };
        var waiting = new Stack<ObjectId>(seen);
        while (waiting.TryPop(out var id))
        {
            if (!store.TryReadCommit(id, out var commit) || Seconds(commit) < until) continue;
            foreach (var parent in commit.Parents)
            {
                if (parent == ancestor) return true;
                if (seen.Add(parent)) waiting.Push(parent);
            }
        }
        return false;
    }

    // What `known` reaches, walked newest first from both ends until only commits of both are left.
    private static HashSet<ObjectId> Covered(ObjectStore store, ObjectId tip, ObjectId known)
    {
        var covered = new HashSet<ObjectId> { known };
        var seen = new HashSet<ObjectId> { tip, known };
        var waiting = new PriorityQueue<ObjectId, long>();
        var open = new HashSet<ObjectId>();
        Enqueue(tip, false);
        Enqueue(known, true);
        while (open.Count > 0 && waiting.TryDequeue(out var id, out _))
        {
            var isCovered = covered.Contains(id);
            open.Remove(id);
            if (!store.TryReadCommit(id, out var commit)) continue;
            foreach (var parent in commit.Parents)
            {
                if (isCovered) Cover(parent);
                if (seen.Add(parent)) Enqueue(parent, covered.Contains(parent));
            }
        }
        return covered;

        void Enqueue(ObjectId id, bool isCovered)
        {
            if (!isCovered) open.Add(id);
            waiting.Enqueue(id, store.TryReadCommit(id, out var commit) ? -Seconds(commit) : long.MaxValue);
        }

        // A commit seen before it was known to be covered may have passed that on to nobody: walk it again.
        void Cover(ObjectId id)
        {
            if (!covered.Add(id) || !seen.Contains(id)) return;
            open.Remove(id);
            waiting.Enqueue(id, long.MinValue);
        }
    }

    private static List<ObjectId> TopologicalOrder(ObjectStore store, ObjectId tip, HashSet<ObjectId> covered)
    {
        var order = new List<ObjectId>();
        if (covered.Contains(tip)) return order;
        var seen = new HashSet<ObjectId> { tip };
        var path = new Stack<(ObjectId Id, bool ParentsDone)>();
        path.Push((tip, false));
        while (path.TryPop(out var top))
        {
            if (top.ParentsDone)
            {
                order.Add(top.Id);
                continue;
            }
            if (!store.TryReadCommit(top.Id, out var commit)) continue;
            path.Push((top.Id, true));
            for (var i = commit.Parents.Count - 1; i >= 0; i--)
                if (!covered.Contains(commit.Parents[i]) && seen.Add(commit.Parents[i])) path.Push((commit.Parents[i], false));
        }
        return order;
    }

    private static long Seconds(Commit commit) => commit.Committer.When.ToUnixTimeSeconds();
}
