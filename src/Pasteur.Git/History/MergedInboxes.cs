using Pasteur.Git.Objects;

namespace Pasteur.Git.History;

/// <summary>Which inboxes a branch has taken in, as its merge commits tell: all servers read the same there, whoever merged.</summary>
internal static class MergedInboxes
{
    private const int MaxCommits = 16_384;

    /// <summary>The commits that were merged into a branch, the newest first.</summary>
    /// <param name="until">Not further back than this commit of the branch; null: as far as is looked at.</param>
    public static List<ObjectId> Of(ObjectStore store, ObjectId tip, ObjectId? until = null)
    {
        var merged = new List<ObjectId>();
        for (var count = 0; count < MaxCommits && tip != until && store.TryReadLinks(tip, out var links) && links.Parents.Length > 0; count++)
        {
            merged.AddRange(links.Parents.AsSpan(1));
            tip = links.Parents[0];
        }
        return merged;
    }

    /// <summary>Of what was merged, the commit that has the same beginning as this one; null when it is from an inbox that was not.</summary>
    public static ObjectId? Find(ObjectStore store, List<ObjectId> merged, ObjectId inbox)
    {
        foreach (var taken in merged)
        {
            if (taken == inbox) return taken;
            if (!store.TryReadLinks(taken, out _)) continue;
            var missing = Ancestry.Missing(store, inbox, taken);
            // An inbox begins without a parent: the oldest of what is missing has one that is not missing only if the rest is there.
            if (missing.Count == 0 || store.ReadLinks(missing[0]).Parents is [var parent, ..] && store.TryReadLinks(parent, out _)) return taken;
        }
        return null;
    }
}
