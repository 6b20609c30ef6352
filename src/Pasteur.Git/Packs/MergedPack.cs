namespace Pasteur.Git.Packs;

/// <summary>A pack that is to go because it is merged into another.</summary>
/// <param name="Written">When its file was last written before the merge.</param>
internal readonly record struct MergedPack(string Path, DateTime Written)
{
    public static MergedPack Of(PackFile pack) => new(pack.Name, File.GetLastWriteTimeUtc(pack.Name));
}
