using System.Collections.Concurrent;
using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>
/// Trees that lookups passed last. A version of a tree may be the end of a chain of deltas, and every lookup begins at the same root.
/// Two generations: when the young one is full it becomes the old one, and what nobody asked the old one for is gone. Any thread.
/// </summary>
internal sealed class TreeReadCache(long generationBytes)
{
    // A flat tree of a million names would push everything else out.
    private const int LargestBytes = 64 << 10;
    private const int EntryOverheadBytes = 120;

    private volatile ConcurrentDictionary<ObjectId, ReadOnlyMemory<byte>> _young = new();
    private volatile ConcurrentDictionary<ObjectId, ReadOnlyMemory<byte>> _old = new();
    private long _youngBytes;

    public bool TryGet(ObjectId id, out ReadOnlyMemory<byte> content)
    {
        if (_young.TryGetValue(id, out content)) return true;
        if (!_old.TryGetValue(id, out content)) return false;
        Add(id, content);
        return true;
    }

    public void Add(ObjectId id, ReadOnlyMemory<byte> content)
    {
        if (content.Length > LargestBytes || !_young.TryAdd(id, content)) return;
        if (Interlocked.Add(ref _youngBytes, content.Length + EntryOverheadBytes) < generationBytes) return;
        // Two threads may both turn: the cache then forgets more than it must, and nothing else happens.
        Interlocked.Exchange(ref _youngBytes, 0);
        _old = _young;
        _young = new ConcurrentDictionary<ObjectId, ReadOnlyMemory<byte>>();
    }
}
