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
    public static List<(NamedEntry? Old, NamedEntry? New)> Entries(ObjectStore store, ObjectId? old, ObjectId? @new) => Entries(Read(store, old), Read(store, @new));

    /// <inheritdoc cref="Entries(ObjectStore, ObjectId?, ObjectId?)"/>
    public static List<(NamedEntry? Old, NamedEntry? New)> Entries(TreeReader left, TreeReader right)
    {
        var differing = new List<(NamedEntry? Old, NamedEntry? New)>();
        var (isLeft, isRight) = (left.MoveNext(), right.MoveNext());
        while (isLeft || isRight)
        {
            var order = !isLeft ? 1 : !isRight ? -1 : TreeOrder.Compare(left.Name, left.Mode.IsTree(), right.Name, right.Mode.IsTree());
            // Most entries are the same on both sides: no copy is made of them.
            if (order != 0 || left.Id != right.Id || left.Mode != right.Mode) differing.Add((order <= 0 ? Copy(left) : null, order >= 0 ? Copy(right) : null));
            if (order <= 0) isLeft = left.MoveNext();
            if (order >= 0) isRight = right.MoveNext();
        }
        return differing;
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

    private static TreeReader Read(ObjectStore store, ObjectId? tree) => tree is { } id ? new TreeReader(store.ReadTreeContent(id).Span, id) : default;

    private static NamedEntry Copy(in TreeReader reader) => new(reader.Mode, reader.Name.ToArray(), reader.Id);
}
