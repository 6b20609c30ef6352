using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// Merges packs into one by copying entries as they are packed. The largest pack goes first and is copied nearly as it is;
/// of an object in several packs the first copy stays. A delta's base always stands before it: where the base was
/// another pack's copy, the delta points to that; where it would make a chain too long, or the base is gone, the object is
/// stored whole.
/// </summary>
internal sealed class PackMerger
{
    private const int ChunkBytes = 256 * 1024;
    private const string IndexOfIndexes = "multi-pack-index";

    private readonly MergeSource[] _sources;
    private readonly PackTarget _target;
    private readonly Action<string>? _reached;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private readonly EntryBuffer _whole = new();
    private readonly Stack<int> _pending = [];
    private long _pauseAt = ChunkBytes;
    private int _count;

    /// <summary>Objects that the merged pack shall not have.</summary>
    public IReadOnlySet<ObjectId> LeftOut { get; init; } = new HashSet<ObjectId>();

    /// <summary>Called after each quarter of a mebibyte: this runs in the background on a machine that has better things to do.</summary>
    public Action? RestAfterChunk { get; init; }

    /// <param name="reached">Called with the name of each step.</param>
    public PackMerger(IEnumerable<PackFile> packs, PackTarget target, Action<string>? reached = null)
    {
        _sources = [.. packs.OrderByDescending(pack => pack.Count).ThenBy(pack => pack.Name, StringComparer.Ordinal).Select(pack => new MergeSource(pack))];
        _target = target;
        _reached = reached;
    }

    /// <summary>
    /// Writes the merged pack; on disk it stands behind a <c>.keep</c> of ours. When one of the packs holds all that is in the others,
    /// the result is that pack itself, untouched. When all that is in them is left out, the pack is empty, as git allows.
    /// </summary>
    public PackFile Merge(CancellationToken cancellationToken)
    {
        Span<byte> header = stackalloc byte[PackHeader.Length];
        PackHeader.For(0).Write(header);
        _target.Append(header);
        for (var n = 0; n < _sources.Length; n++) CopyPack(n, cancellationToken);
        _reached?.Invoke("copied");
        var trailer = _target.Finish(PackHeader.For(_count), cancellationToken);
        if (Array.Find(_sources, source => source.Pack.Index.PackChecksum == trailer) is { } same && File.Exists(same.Pack.Name)) return same.Pack;
        return _target.Install(new MergedIndex(_sources, _count), trailer, _reached);
    }

    /// <summary>
    /// Removes packs whose objects are all in the merged one, which is visible by now. One that was written again since the merge stays: a
    /// <c>git repack</c> has made it anew, since the same objects in the same order get the same name, and is about to remove the merged one.
    /// </summary>
    public static void Remove(IEnumerable<MergedPack> packs, string merged, Action<string>? reached = null)
    {
        var folder = Path.GetDirectoryName(merged)!;
        // It lists packs by name; without it git looks at the packs themselves.
        foreach (var path in Directory.EnumerateFiles(folder, IndexOfIndexes + "*")) File.Delete(path);
        foreach (var (path, written) in packs)
        {
            if (path == merged || File.GetLastWriteTimeUtc(path) != written) continue;
            // Without its index a pack is out of use, so that goes first.
            foreach (var extension in (string[])[".idx", ".pack", ".rev", ".bitmap", ".mtimes", ".keep"])
            {
                File.Delete(Path.ChangeExtension(path, extension));
                reached?.Invoke("removed" + extension);
            }
        }
    }

    private void CopyPack(int number, CancellationToken cancellationToken)
    {
        var order = _sources[number].ReadOrder();
        for (var n = 0; n < order.Count; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CopyWithBases(number, order, n);
            Pause();
        }
    }

    /// <summary>
    /// Copies an entry, and before it those that it is a delta of and that stand behind it in its pack: git appends the bases of
    /// a thin pack at its end.
    /// </summary>
    private void CopyWithBases(int number, PackOrder order, int n)
    {
        var source = _sources[number];
        _pending.Push(n);
        while (_pending.TryPeek(out var next))
        {
            var position = order.PositionAt(next);
            if (source.IsDecided(position))
            {
                _pending.Pop();
                continue;
            }

            if (LeftOut.Count > 0 && LeftOut.Contains(source.Pack.Index.IdAt(position)))
            {
                source.LeaveOut(position);
                continue;
            }

            if (FindCopy(number, position) is { } copy)
            {
                source.SetPlace(position, copy);
                continue;
            }

            var entry = new SourceEntry(source, order, next);
            if (!entry.Header.Type.IsDelta())
            {
                CopyWhole(entry);
                continue;
            }

            var baseEntry = entry.FindBase();
            if (source.IsDecided(order.PositionAt(baseEntry))) CopyDelta(entry, source.PlaceOf(order.PositionAt(baseEntry)));
            else if (_pending.Count <= GitLimits.MaxDeltaChain) _pending.Push(baseEntry);
            else throw entry.Damaged("its delta chain runs in a circle, or is longer than any that git makes");
        }
    }

    /// <summary>Where a copy of this object stands that came before.</summary>
    private MergedPlace? FindCopy(int number, int position)
    {
        var index = _sources[number].Pack.Index;
        var id = index.IdAt(position);
        for (var n = 0; n < number; n++)
            if (_sources[n].PlaceOf(id) is { } place) return place;

        // The same pack may hold an object twice.
        for (var n = position - 1; n >= 0 && index.IdAt(n) == id; n--)
            if (_sources[number].PlaceOf(n) is { } place) return place;
        for (var n = position + 1; n < index.Count && index.IdAt(n) == id; n++)
            if (_sources[number].PlaceOf(n) is { } place) return place;
        return null;
    }

    private void CopyWhole(SourceEntry entry)
    {
        var place = new MergedPlace(_target.Length, 0, 0);
        if (entry.IsRecord())
        {
            CopyBytes(entry, null);
            entry.Source.LeaveOut(entry.Position);
            return;
        }

        entry.Source.SetPlace(entry.Position, place with { Crc32 = CopyBytes(entry, entry.Header) });
        _count++;
    }

    private void CopyDelta(SourceEntry entry, MergedPlace? basePlace)
    {
        var offset = _target.Length;
        if (basePlace is { } place && place.Depth < GitLimits.MaxMergedDeltaChain)
        {
            var crc = CopyBytes(entry, PackEntryHeader.ForOffsetDelta(entry.Header.Size, offset - place.Offset));
            entry.Source.SetPlace(entry.Position, new MergedPlace(offset, crc, (byte)(place.Depth + 1)));
        }
        else
        {
            CopyBytes(entry, null);
            entry.Source.SetPlace(entry.Position, new MergedPlace(offset, WriteWhole(entry.Source.Pack.ReadAt(entry.Offset)), 0));
        }

        _count++;
    }

    /// <summary>
    /// Copies an entry behind a new header and returns its checksum; without a header, it is only read. In any case its bytes
    /// are compared with the checksum in the index, so that damage is not handed on as if it were sound.
    /// </summary>
    private uint CopyBytes(SourceEntry entry, PackEntryHeader? written)
    {
        var (crc, newCrc) = (0u, 0u);
        if (written is { } header)
        {
            Span<byte> bytes = stackalloc byte[PackEntryHeader.MaxLength];
            bytes = bytes[..header.Write(bytes)];
            _target.Append(bytes);
            newCrc = Crc32.Compute(bytes);
        }

        var end = entry.Offset + entry.Length;
        for (var at = entry.Offset; at < end;)
        {
            var chunk = _chunk.AsSpan(0, (int)Math.Min(_chunk.Length, end - at));
            entry.Source.Pack.Data.ReadExactlyAt(at, chunk);
            crc = Crc32.Update(crc, chunk);
            var content = at == entry.Offset ? chunk[entry.Header.Length..] : chunk;
            at += chunk.Length;
            if (written is null) continue;
            newCrc = Crc32.Update(newCrc, content);
            _target.Append(content);
        }

        return crc == entry.ExpectedCrc32 ? newCrc : throw entry.Damaged("its bytes are not those that its index has the checksum of");
    }

    private uint WriteWhole(RawObject content)
    {
        _whole.Shrink(ChunkBytes);
        _whole.AppendWhole(content.Kind, content.Bytes.Span, Packing.Deflate);
        _target.Append(_whole.Written);
        return Crc32.Compute(_whole.Written);
    }

    private void Pause()
    {
        if (_target.Length < _pauseAt) return;
        _pauseAt = _target.Length + ChunkBytes;
        RestAfterChunk?.Invoke();
    }
}
