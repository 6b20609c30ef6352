using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// Makes the objects of a received pack that came as deltas, and their ids: from each whole object down through what was made
/// of it, depth first. Of the objects on the way only those are kept that have deltas left to be made, within a bound;
/// one that was dropped is made again when its turn comes.
/// </summary>
internal sealed class DeltaResolver
{
    private readonly IndexedEntries _entries;
    private readonly PackData _data;
    private readonly string _name;
    private readonly long _baseCacheBytes;
    private readonly PackCursor _cursor = new();
    private readonly List<Family> _families = [];
    private readonly long _maxExpandedBytes;
    private byte[] _delta = [];
    private long _cachedBytes;
    private long _expandedBytes;

    public DeltaResolver(IndexedEntries entries, PackData data, PackIndexerOptions options)
    {
        _entries = entries;
        _data = data;
        _name = options.Name;
        _baseCacheBytes = options.BaseCacheBytes;
        _maxExpandedBytes = options.MaxExpandedBytes + (GitLimits.MaxExpansion * data.Length);
        _cursor.Open(data, 0);
    }

    /// <summary>Makes everything that comes of a whole object, directly or not.</summary>
    public void Resolve(int root, CancellationToken cancellationToken)
    {
        var kind = _entries[root].Type.ToKind();
        Push(root, null);
        while (_families.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var parent = _families[^1];
            var child = parent.NextChild;
            if (child == IndexedEntry.None)
            {
                Pop();
                continue;
            }

            var parentContent = ContentOf(parent);
            parent.NextChild = _entries[child].NextSibling;
            // The last child needs its parent no more: a long chain stays one family deep.
            if (parent.NextChild == IndexedEntry.None) Pop();
            var content = Apply(child, parentContent);
            _entries[child].Depth = (short)(_entries[parent.Entry].Depth + 1);
            if (_entries[child].Depth > GitLimits.MaxDeltaChain) throw Refuse($"the entry at {_entries[child].Offset} ends a chain of more than {GitLimits.MaxDeltaChain} deltas");
            _entries[child].Id = ObjectHasher.Hash(kind, content);
            Push(child, content);
        }
    }

    private void Push(int entry, byte[]? content)
    {
        _entries.Adopt(entry);
        if (_entries[entry].FirstChild == IndexedEntry.None) return;
        _families.Add(new Family(entry, _entries[entry].FirstChild));
        if (content != null) Keep(_families[^1], content);
    }

    private void Pop()
    {
        _cachedBytes -= _families[^1].Content?.Length ?? 0;
        _families.RemoveAt(_families.Count - 1);
    }

    private void Keep(Family family, byte[] content)
    {
        family.Content = content;
        _cachedBytes += content.Length;
        // The oldest are wanted last. The newest stays in any case: it is about to be used.
        for (var n = 0; n < _families.Count - 1 && _cachedBytes > _baseCacheBytes; n++)
        {
            _cachedBytes -= _families[n].Content?.Length ?? 0;
            _families[n].Content = null;
        }
    }

    private byte[] ContentOf(Family family)
    {
        if (family.Content == null) Keep(family, MakeAgain(family.Entry));
        return family.Content!;
    }

    private byte[] MakeAgain(int entry)
    {
        var path = new List<int>();
        for (; _entries[entry].Base != IndexedEntry.None; entry = _entries[entry].Base) path.Add(entry);
        var content = GC.AllocateUninitializedArray<byte>(_entries[entry].Size);
        Expand(content.Length);
        Inflate(entry, content);
        for (var n = path.Count - 1; n >= 0; n--) content = Apply(path[n], content);
        return content;
    }

    private byte[] Apply(int entry, byte[] source)
    {
        var size = _entries[entry].Size;
        if (_delta.Length < size) _delta = GC.AllocateUninitializedArray<byte>(size);
        var delta = _delta.AsSpan(0, size);
        Inflate(entry, delta);
        if (!DeltaDecoder.TryReadSizes(delta, out _, out var resultSize, out _) || resultSize > GitLimits.MaxObjectBytes)
            throw Refuse($"the delta at {_entries[entry].Offset} declares no size, or one beyond the limit");

        Expand(resultSize);
        var result = GC.AllocateUninitializedArray<byte>((int)resultSize);
        if (!DeltaDecoder.TryApply(source, delta, result, out var fault)) throw Refuse($"at {_entries[entry].Offset} {fault}");
        return result;
    }

    private void Inflate(int entry, Span<byte> destination)
    {
        _cursor.Seek(_entries[entry].DataOffset);
        // It was inflated when it came; only the disk can have changed it since.
        if (_cursor.Inflate(destination) != ParseStatus.Complete) throw new IOException($"{_data.Name}: the entry at {_entries[entry].Offset} does not read back as it was written.");
    }

    private void Expand(long bytes)
    {
        _expandedBytes += bytes;
        if (_expandedBytes > _maxExpandedBytes) throw Refuse($"its deltas make more than the {_maxExpandedBytes} bytes that are made of a pack of {_data.Length}");
    }

    private GitDataException Refuse(string problem) => PackIndexer.Refuse(_name, problem);

    /// <summary>An object with deltas still to be made of it.</summary>
    private sealed class Family(int entry, int firstChild)
    {
        public int Entry { get; } = entry;

        public int NextChild { get; set; } = firstChild;

        public byte[]? Content { get; set; }
    }
}
