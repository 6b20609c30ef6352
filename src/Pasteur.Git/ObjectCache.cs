using System.Collections.Concurrent;
using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>
/// Contents that were read last. Two generations: when the young one is full it becomes the old one, and what nobody asked the old one for is gone. Any thread.
/// </summary>
/// <param name="largestBytes">What is larger is not kept.</param>
internal sealed class ObjectCache(long generationBytes, int largestBytes)
{
    private const int EntryOverheadBytes = 120;

    private volatile ConcurrentDictionary<ObjectId, ReadOnlyMemory<byte>> _young = new();
    private volatile ConcurrentDictionary<ObjectId, ReadOnlyMemory<byte>> _old = new();
    private long _youngBytes;
    private long _oldBytes;

    /// <summary>What is kept, and what keeping it takes.</summary>
    public long Bytes => Interlocked.Read(ref _youngBytes) + Interlocked.Read(ref _oldBytes);

    /// <param name="turns">False: reading drops nothing.</param>
    public bool TryGet(ObjectId id, out ReadOnlyMemory<byte> content, bool turns = true)
    {
        if (_young.TryGetValue(id, out content)) return true;
        if (!_old.TryGetValue(id, out content)) return false;
        if (turns) Add(id, content);
        else if (Interlocked.Read(ref _youngBytes) < generationBytes) Put(id, content);
        return true;
    }

    public void Add(ObjectId id, ReadOnlyMemory<byte> content)
    {
        if (Put(id, content) >= generationBytes) Age();
    }

    /// <summary>Adds what is not to drive out what is added with it; <see cref="AgeIfFull"/> comes after.</summary>
    /// <returns>What the young generation takes.</returns>
    public long Put(ObjectId id, ReadOnlyMemory<byte> content) =>
        content.Length > largestBytes || !_young.TryAdd(id, content) ? 0 : Interlocked.Add(ref _youngBytes, content.Length + EntryOverheadBytes);

    public void AgeIfFull()
    {
        if (Interlocked.Read(ref _youngBytes) >= generationBytes) Age();
    }

    // Two threads may both turn: the cache then forgets more than it must, and nothing else happens.
    public void Age()
    {
        Interlocked.Exchange(ref _oldBytes, Interlocked.Exchange(ref _youngBytes, 0));
        _old = _young;
        _young = new ConcurrentDictionary<ObjectId, ReadOnlyMemory<byte>>();
    }
}
