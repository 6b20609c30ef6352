using Pasteur.Git.Objects;

namespace Pasteur.Git.History;

/// <summary>An entry of a tree with its name as it is stored.</summary>
internal readonly record struct NamedEntry(TreeMode Mode, byte[] Name, ObjectId Id)
{
    public bool IsTree => Mode.IsTree();
}

/// <summary>One path that two trees hold differently; null where a side has nothing.</summary>
internal readonly record struct TreeChange(byte[] Path, NamedEntry? Old, NamedEntry? New);

/// <summary>Compares trees entry by entry and goes down only where ids differ.</summary>
internal static class TreeDiff
{
    /// <summary>The files that differ.</summary>
    public static List<TreeChange> Files(ObjectStore store, ObjectId old, ObjectId @new)
    {
        var changes = new List<TreeChange>();
        Walk(store, old, @new, ([], 0), changes);
        return changes;
    }

    /// <summary>The entries of two trees that differ, paired by name and kind.</summary>
    public static IEnumerable<(NamedEntry? Old, NamedEntry? New)> Entries(ObjectStore store, ObjectId? old, ObjectId? @new)
    {
        var (left, right) = (Read(store, old), Read(store, @new));
        var (i, j) = (0, 0);
        while (i < left.Count || j < right.Count)
        {
            var order = i == left.Count ? 1 : j == right.Count ? -1 : TreeOrder.Compare(left[i].Name, left[i].IsTree, right[j].Name, right[j].IsTree);
            if (order < 0)
            {
                yield return (left[i++], null);
            }
            else if (order > 0)
            {
                yield return (null, right[j++]);
            }
            else
            {
                if (left[i].Id != right[j].Id || left[i].Mode != right[j].Mode) yield return (left[i], right[j]);
                i++;
                j++;
            }
        }
    }

    /// <summary>Whoever goes down a tree from outside goes no deeper.</summary>
    public static bool IsTooDeep(byte[] path, int depth) => depth > GitLimits.MaxTreeDepth || path.Length > GitLimits.MaxPathBytes;

    /// <summary>What is said of a tree that is too deep.</summary>
    public static GitDataException TooDeep(ObjectId tree) =>
        new($"tree {tree}", $"folders are nested more than {GitLimits.MaxTreeDepth} deep, or paths are longer than {GitLimits.MaxPathBytes} bytes", "Take the commit that brought it off the branch.");

    private static void Walk(ObjectStore store, ObjectId? old, ObjectId? @new, (byte[] Path, int Depth) folder, List<TreeChange> changes)
    {
        if (IsTooDeep(folder.Path, folder.Depth)) throw TooDeep(@new ?? old ?? default);
        foreach (var (left, right) in Entries(store, old, @new))
        {
            byte[] path = [.. folder.Path, .. (left ?? right)!.Value.Name];
            if (left is { IsTree: true } || right is { IsTree: true })
                Walk(store, left is { IsTree: true } ? left.Value.Id : null, right is { IsTree: true } ? right.Value.Id : null, ([.. path, (byte)'/'], folder.Depth + 1), changes);
            else
                changes.Add(new TreeChange(path, left, right));
        }
    }

    private static List<NamedEntry> Read(ObjectStore store, ObjectId? tree)
    {
        var entries = new List<NamedEntry>();
        if (tree is not { } id) return entries;
        var reader = new TreeReader(store.ReadTreeContent(id), id);
        while (reader.MoveNext()) entries.Add(new NamedEntry(reader.Mode, reader.Name.ToArray(), reader.Id));
        return entries;
    }
}
