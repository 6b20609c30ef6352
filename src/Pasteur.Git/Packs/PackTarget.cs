using System.Security.Cryptography;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>A pack being written. Disposed without having been installed, it leaves nothing behind.</summary>
internal abstract class PackTarget : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>What has been written and flushed, for reading it back.</summary>
    public abstract PackData Data { get; }

    /// <summary>How long the pack is so far.</summary>
    public abstract long Length { get; }

    /// <summary>Makes readable what has been appended.</summary>
    public abstract void Flush();

    public abstract void Append(ReadOnlySpan<byte> bytes);

    public abstract void Overwrite(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes it a pack of the repository, under the name of its trailer, which has been appended. The caller owns what is returned.</summary>
    public abstract PackFile Install(IReadOnlyCollection<PackIndexEntry> sorted, ObjectId trailer, Action<string>? reached);

    public abstract void Dispose();

    /// <summary>Corrects the number of entries, and appends the checksum of what the pack then is.</summary>
    public ObjectId Finish(PackHeader header, CancellationToken cancellationToken)
    {
        Span<byte> bytes = stackalloc byte[ObjectId.Size];
        header.Write(bytes);
        Flush();
        Overwrite(0, bytes[..PackHeader.Length]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var chunk = new byte[ChunkBytes];
        for (long position = 0, read; position < Data.Length; position += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            read = Data.ReadAt(position, chunk);
            hash.AppendData(chunk, 0, (int)read);
        }

        hash.GetHashAndReset(bytes);
        Append(bytes);
        return new ObjectId(bytes);
    }
}
