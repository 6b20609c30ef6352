namespace Pasteur.Git.Packs;

/// <summary>
/// Which packs to merge so that their number stays logarithmic: in the order of size each pack should have at least twice
/// the objects of the one before (as <c>git repack --geometric=2</c>). Each object is then copied a logarithmic number of times.
/// </summary>
internal static class PackGeometry
{
    private const int Factor = 2;

    // Files beside a pack that give it a meaning which a merge would lose: cruft packs, and those of partial clones.
    private static readonly string[] OthersBusiness = [".mtimes", ".promisor"];

    /// <summary>The packs to merge, or none. Packs that others keep are left alone.</summary>
    public static PackFile[] Choose(IEnumerable<PackFile> packs, int maxObjects = GitLimits.MaxMergedObjects)
    {
        var ours = packs.Where(pack => !IsOthersBusiness(pack.Name)).OrderBy(pack => pack.Count).ToArray();
        var counts = ours.Select(pack => pack.Count).ToArray();
        return ours[..CountToMerge(counts, maxObjects)];
    }

    /// <summary>How many of them are not full.</summary>
    public static int CountToGrow(IEnumerable<PackFile> packs, int maxObjects = GitLimits.MaxMergedObjects) => packs.Count(pack => pack.Count < maxObjects / 2);

    /// <summary>
    /// How many of the smallest packs to merge into one; 0, or 2 and more. A pack of half the most is full: two of the others
    /// always fit into one, so none is copied again and again for a small one's sake.
    /// </summary>
    public static int CountToMerge(ReadOnlySpan<int> ascending, int maxObjects)
    {
        while (!ascending.IsEmpty && ascending[^1] >= maxObjects / 2) ascending = ascending[..^1];
        var split = ascending.Length - 1;
        while (split > 0 && ascending[split] >= (long)Factor * ascending[split - 1]) split--;
        if (split <= 0) return 0;

        // Everything up to the last pair out of proportion, and what the sum of it then puts out of proportion again.
        var total = 0L;
        var merged = 0;
        while (merged < ascending.Length && (merged <= split || ascending[merged] < Factor * total) && total + ascending[merged] <= maxObjects)
            total += ascending[merged++];
        return merged < 2 ? 0 : merged;
    }

    private static bool IsOthersBusiness(string packPath) =>
        PackInstaller.IsKeptByOthers(packPath) || OthersBusiness.Any(extension => File.Exists(Path.ChangeExtension(packPath, extension)));
}
