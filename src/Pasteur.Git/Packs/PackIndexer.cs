using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// Takes a pack from a stream into the repository: copied and checked as it arrives, its deltas resolved, every object named
/// by its content, completed when it is thin, indexed, synced, and visible only then. Whatever is wrong with it, nothing of it is kept.
/// </summary>
internal sealed class PackIndexer
{
    private readonly PackTarget _target;
    private readonly PackIndexerOptions _options;
    private readonly IndexedEntries _entries = new();
    private byte[] _scratch = [];

    /// <summary>An indexer takes one pack; its target stays the caller's to dispose.</summary>
    public PackIndexer(PackTarget target, PackIndexerOptions options)
    {
        _target = target;
        _options = options;
    }

    /// <summary>
    /// Indexes a pack. On disk it stands behind a <c>.keep</c> (see <see cref="PackInstaller.KeepMark"/>), to be removed when a ref
    /// on the disk reaches it. Null for a pack without objects, of which nothing is kept.
    /// </summary>
    /// <exception cref="GitDataException">The pack is damaged, hostile, or wants a base that nobody has.</exception>
    /// <exception cref="IOException">The stream or the disk failed.</exception>
    public async Task<PackFile?> IndexAsync(Stream source, CancellationToken cancellationToken)
    {
        var trailer = await ReceiveAsync(source, cancellationToken).ConfigureAwait(false);
        if (_entries.Count == 0) return null;
        // Pure computation from here on, perhaps for minutes: not on a thread that serves others' continuations.
        return await Task.Run(() => Complete(trailer, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    internal static GitDataException Refuse(string name, string problem) =>
        new(name, problem, "Nothing of it was kept. If it happens again, run git fsck where it comes from.");

    private async ValueTask<ObjectId> ReceiveAsync(Stream source, CancellationToken cancellationToken)
    {
        using var incoming = new IncomingPack(source, _target, _options.Name);
        var header = await incoming.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        _options.OnCount?.Invoke((int)header.Count);
        for (var n = 0; n < header.Count; n++)
        {
            var offset = incoming.Position;
            var entry = await incoming.ReadEntryHeaderAsync(cancellationToken).ConfigureAwait(false);
            if (!_entries.TryAdd(offset, entry)) throw Refuse(_options.Name, $"the base of the delta at {offset} is not an entry before it");
            var content = Scratch((int)entry.Size);
            await incoming.InflateAsync(content, cancellationToken).ConfigureAwait(false);
            _entries[n].Crc32 = incoming.EndEntry();
            if (!entry.Type.IsDelta()) _entries[n].Id = ObjectHasher.Hash(entry.Type.ToKind(), content.Span);
        }

        _scratch = [];
        return await incoming.ReadTrailerAsync(cancellationToken).ConfigureAwait(false);
    }

    private PackFile Complete(ObjectId trailer, CancellationToken cancellationToken)
    {
        var received = _entries.Count;
        _target.Flush();
        var resolver = new DeltaResolver(_entries, _target.Data, _options);
        for (var n = 0; n < received; n++)
            if (!_entries[n].Type.IsDelta()) resolver.Resolve(n, cancellationToken);

        AddMissingBases(resolver, cancellationToken);
        if (_entries.Count > received) trailer = _target.Finish(PackHeader.For(_entries.Count), cancellationToken);
        else AppendTrailer(trailer);

        var index = _entries.ToIndex();
        // One name, two entries: a reference delta could then lead back to itself.
        for (var n = 1; n < index.Length; n++)
            if (index[n].Id == index[n - 1].Id) throw Refuse(_options.Name, $"it holds {index[n].Id} twice");
        return _target.Install(index, trailer, _options.Reached);
    }

    /// <summary>
    /// Completes a thin pack, in the order in which its deltas came: what an early base leads to may be the base of later ones,
    /// and is then not wanted from outside.
    /// </summary>
    private void AddMissingBases(DeltaResolver resolver, CancellationToken cancellationToken)
    {
        foreach (var id in _entries.MissingInOrder())
        {
            if (_entries.IsMissing(id) && _options.FindBase(id) is { } content) resolver.Resolve(AppendBase(id, content), cancellationToken);
        }

        if (_entries.MissingInOrder() is [var missing, ..]) throw Refuse(_options.Name, $"it has a delta of {missing}, which is neither in it nor in this repository");
    }

    /// <summary>A pack on the disk holds every base it needs (gitformat-pack): the one that was taken for granted is added whole.</summary>
    private int AppendBase(ObjectId id, RawObject content)
    {
        var number = _entries.Count;
        var offset = _target.Length;
        var buffer = new EntryBuffer(content.Bytes.Length / 2 + 128);
        buffer.AppendWhole(content.Kind, content.Bytes.Span, Packing.Deflate);
        _target.Append(buffer.Written);
        _target.Flush();
        PackEntryHeader.Read(buffer.Written, out var header);
        _entries.TryAdd(offset, header);
        _entries[number].Crc32 = Crc32.Compute(buffer.Written);
        _entries[number].Id = id;
        return number;
    }

    private void AppendTrailer(ObjectId trailer)
    {
        Span<byte> bytes = stackalloc byte[ObjectId.Size];
        trailer.CopyTo(bytes);
        _target.Append(bytes);
    }

    private Memory<byte> Scratch(int size)
    {
        if (_scratch.Length < size) _scratch = GC.AllocateUninitializedArray<byte>(Math.Max(size, 2 * Math.Min(_scratch.Length, 1 << 20)));
        return _scratch.AsMemory(0, size);
    }
}

/// <summary>How a pack is indexed.</summary>
internal sealed record PackIndexerOptions
{
    /// <summary>The objects that a thin pack may take for granted; null when there is no such object.</summary>
    public required Func<ObjectId, RawObject?> FindBase { get; init; }

    /// <summary>What messages call the pack.</summary>
    public string Name { get; init; } = "The pack from the remote";

    /// <summary>Delta bases kept in memory.</summary>
    public long BaseCacheBytes { get; init; } = GitLimits.MaxBaseCacheBytes;

    /// <summary>Bytes that the deltas may make, besides those that the size of the pack allows.</summary>
    public long MaxExpandedBytes { get; init; } = GitLimits.MaxExpandedBytes;

    /// <summary>Told how many objects come, before they do.</summary>
    public Action<int>? OnCount { get; init; }

    /// <summary>Called with the name of each step of the installation.</summary>
    public Action<string>? Reached { get; init; }
}
