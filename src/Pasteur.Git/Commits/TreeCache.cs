using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>A version of a tree that the writer holds: its bytes, and where it stands in the journal so that the next version can be a delta against it.</summary>
/// <param name="Content">A tree object's content.</param>
/// <param name="Journal">The number of the journal that holds the entry, or <see cref="NoJournal"/> when it stands in a pack.</param>
/// <param name="Offset">Where the entry begins in that journal.</param>
/// <param name="Depth">Deltas between this version and a whole one.</param>
internal sealed record TreeVersion(ObjectId Id, ReadOnlyMemory<byte> Content, long Journal, long Offset, int Depth)
{
    public const long NoJournal = 0;
}

/// <summary>
/// The trees that the writer touched last. Each new paste changes a folder that the next ones will hardly meet again, and those above it, which they will:
/// folders of folders with one letter are kept for themselves, so that the others do not crowd them out. Writer only.
/// </summary>
internal sealed class TreeCache(int generationBytes)
{
    private readonly TreeGenerations _inner = new() { Bytes = generationBytes };
    private readonly TreeGenerations _others = new() { Bytes = generationBytes };

    // "40000 a\0"
    private static ReadOnlySpan<byte> FolderMode => "40000 "u8;

    /// <summary>How much the young generation of folders of folders may hold.</summary>
    public int InnerBytes
    {
        set => _inner.Bytes = value;
    }

    public bool TryGet(ObjectId id, out TreeVersion version) => _inner.TryGet(id, out version) || _others.TryGet(id, out version);

    public void Add(TreeVersion version) => (IsInner(version.Content.Span) ? _inner : _others).Add(version);

    /// <summary>Drops a version that a newer one has replaced.</summary>
    public void Remove(TreeVersion version) => (IsInner(version.Content.Span) ? _inner : _others).Remove(version.Id);

    public void Clear()
    {
        _inner.Clear();
        _others.Clear();
    }

    private static bool IsInner(ReadOnlySpan<byte> content) =>
        content.StartsWith(FolderMode) && content.Length > FolderMode.Length + 1 && content[FolderMode.Length + 1] == 0;
}

/// <summary>Two generations: when the young one is full it becomes the old one, and what the old one held and nobody asked for is gone.</summary>
internal sealed class TreeGenerations
{
    private Dictionary<ObjectId, TreeVersion> _young = [];
    private Dictionary<ObjectId, TreeVersion> _old = [];
    private long _youngBytes;

    /// <summary>From so many on, the young generation is full.</summary>
    public required int Bytes { get; set; }

    public bool TryGet(ObjectId id, out TreeVersion version)
    {
        if (_young.TryGetValue(id, out version!)) return true;
        if (!_old.Remove(id, out version!)) return false;
        Add(version);
        return true;
    }

    public void Add(TreeVersion version)
    {
        if (_youngBytes > Bytes)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
            _youngBytes = 0;
        }
        if (_young.TryAdd(version.Id, version)) _youngBytes += version.Content.Length + 128;
    }

    /// <summary>Drops a version that a newer one has replaced.</summary>
    public void Remove(ObjectId id)
    {
        if (_young.Remove(id, out var version)) _youngBytes -= version.Content.Length + 128;
        else _old.Remove(id);
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
        _youngBytes = 0;
    }
}
