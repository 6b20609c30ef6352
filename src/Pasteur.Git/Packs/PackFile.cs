using System.Diagnostics.CodeAnalysis;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>A pack and its index, found to belong together.</summary>
internal sealed class PackFile : IDisposable
{
    public PackFile(PackData data, PackIndex index)
    {
        Data = data;
        Index = index;
        Locate = id => Index.TryFind(id, out var offset) ? offset : -1;
        CheckTogether();
    }

    public PackData Data { get; }

    public PackIndex Index { get; }

    /// <summary>Where an object begins, or a negative number: what <see cref="PackReader"/> asks for the bases of reference deltas.</summary>
    public Func<ObjectId, long> Locate { get; }

    public string Name => Data.Name;

    public int Count => Index.Count;

    /// <summary>Opens <c>pack-….idx</c> and the pack beside it.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The pack file owns both; what failed to open is disposed here.")]
    public static PackFile Open(string indexPath)
    {
        PackData? data = null;
        PackIndex? index = null;
        try
        {
            index = PackIndex.Open(indexPath);
            data = FilePackData.Open(Path.ChangeExtension(indexPath, ".pack"));
            return new PackFile(data, index);
        }
        catch
        {
            index?.Dispose();
            data?.Dispose();
            throw;
        }
    }

    public bool Contains(ObjectId id) => Index.TryFind(id, out _);

    public bool TryRead(ObjectId id, out RawObject content)
    {
        content = default;
        if (!Index.TryFind(id, out var offset)) return false;
        content = PackReader.Read(Data, offset, Locate);
        return true;
    }

    /// <summary>Reads the object whose entry begins at an offset.</summary>
    public RawObject ReadAt(long offset) => PackReader.Read(Data, offset, Locate);

    public bool TryReadKind(ObjectId id, out ObjectKind kind)
    {
        kind = default;
        if (!Index.TryFind(id, out var offset)) return false;
        kind = PackReader.ReadKind(Data, offset, Locate);
        return true;
    }

    public void Dispose()
    {
        Index.Dispose();
        Data.Dispose();
    }

    private void CheckTogether()
    {
        Span<byte> bytes = stackalloc byte[ObjectId.Size];
        var head = bytes[..PackHeader.Length];
        if (Data.Length < PackHeader.Length + ObjectId.Size) throw new GitDataException(Name, $"a pack has {PackHeader.Length + ObjectId.Size} bytes or more, not {Data.Length}");
        Data.ReadExactlyAt(0, head);
        if (!PackHeader.TryRead(head, out var header)) throw new GitDataException(Name, "it does not begin as a pack of version 2 or 3 does");
        if (header.Count != Count) throw new GitDataException(Name, $"it counts {header.Count} objects, its index {Count}", PackIndex.Remedy);
        Data.ReadExactlyAt(Data.Length - ObjectId.Size, bytes);
        if (new ObjectId(bytes) != Index.PackChecksum) throw new GitDataException(Name, "its index was made for another pack, or the pack is cut short", PackIndex.Remedy);
    }
}
