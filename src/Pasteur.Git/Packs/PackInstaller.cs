using System.Security.Cryptography;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// Puts a finished pack in its place in git's order: a pack is in use from the moment its index is there. Each step may be the
/// last one; what is left then is a file without effect, or a pack that is whole.
/// </summary>
internal static class PackInstaller
{
    /// <summary>
    /// What a <c>.keep</c> of ours says. It protects the pack from the owner's <c>git gc</c> and <c>git repack</c> until a ref on
    /// the disk reaches its objects.
    /// </summary>
    public static ReadOnlySpan<byte> KeepMark => "pasteur: not yet reached by a ref on the disk\n"u8;

    /// <summary>Whether a pack must not be touched because somebody other than us says so.</summary>
    public static bool IsKeptByOthers(string packPath)
    {
        try
        {
            return !File.ReadAllBytes(Path.ChangeExtension(packPath, ".keep")).AsSpan().SequenceEqual(KeepMark);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>
    /// Moves a written and synced pack to its name, and gives it its index; returns the index' path. Where a pack of this name is in
    /// use, and not for us alone, it gets another: no <c>.keep</c> must ever appear beside a visible pack. A <c>git repack</c> under way
    /// may have chosen that to be removed, and would leave its objects out of the new pack for the sake of the <c>.keep</c>.
    /// </summary>
    /// <param name="folder"><c>objects/pack</c>.</param>
    /// <param name="reached">Called with the name of each step.</param>
    public static string Install(string folder, string temporary, IReadOnlyCollection<PackIndexEntry> sorted, ObjectId trailer, Action<string>? reached)
    {
        var stem = Path.Combine(folder, $"pack-{trailer}");
        while (File.Exists(stem + ".idx") && !IsKeptByUs(stem + ".pack"))
            stem = Path.Combine(folder, $"pack-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ObjectId.Size))}");
        AtomicFile.Write(stem + ".keep", KeepMark.ToArray());
        reached?.Invoke("keep");
        File.Move(temporary, stem + ".pack", overwrite: true);
        reached?.Invoke("pack");
        AtomicFile.Write(stem + ".idx", stream => PackIndexWriter.Write(stream, sorted, trailer));
        reached?.Invoke("idx");
        Durability.SyncFolder(folder);
        reached?.Invoke("visible");
        return stem + ".idx";
    }

    private static bool IsKeptByUs(string packPath) => File.Exists(Path.ChangeExtension(packPath, ".keep")) && !IsKeptByOthers(packPath);
}
