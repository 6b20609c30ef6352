using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>Names in trees that somebody else may have written.</summary>
internal static class TreeNames
{
    /// <summary>The first of each name counts: two that are not UTF-8 differ in Git and may look alike here.</summary>
    public static Dictionary<string, ObjectId> ByName(this IEnumerable<TreeEntry> entries)
    {
        var found = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var entry in entries) found.TryAdd(entry.Name, entry.Id);
        return found;
    }
}
