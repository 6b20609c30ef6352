using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git;

/// <summary>
/// A blob named and compressed, ready to be appended to the journal. Made on the caller's thread, so that hashing and deflating
/// run in parallel and the one writer only copies bytes.
/// </summary>
public sealed class PreparedBlob
{
    private const int ScratchBytes = 64 << 10;

    [ThreadStatic]
    private static EntryBuffer? t_scratch;

    private PreparedBlob(ObjectId id, int size, ReadOnlyMemory<byte> entry)
    {
        Id = id;
        Size = size;
        Entry = entry;
    }

    public ObjectId Id { get; }

    /// <summary>Bytes before compression.</summary>
    public int Size { get; }

    /// <summary>The whole pack entry: header and zlib stream (gitformat-pack).</summary>
    internal ReadOnlyMemory<byte> Entry { get; }

    public static PreparedBlob Create(ReadOnlySpan<byte> content)
    {
        // What is larger could be written and never be read back.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, GitLimits.MaxObjectBytes, nameof(content));
        var buffer = content.Length > ScratchBytes / 2 ? new EntryBuffer(content.Length / 2) : t_scratch ??= new EntryBuffer(ScratchBytes);
        buffer.Clear();
        buffer.AppendWhole(ObjectKind.Blob, content, Packing.Deflate);
        return new PreparedBlob(ObjectHasher.Hash(ObjectKind.Blob, content), content.Length, buffer.Written.ToArray());
    }
}
