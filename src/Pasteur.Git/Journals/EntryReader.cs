using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Journals;

/// <summary>
/// Reads a journal's entries one after the other and resolves their deltas, which have their bases a little way back: trees that were
/// read a moment ago are kept, as many as fit a budget.
/// </summary>
internal sealed class EntryReader
{
    private const long KeptBytes = 16 << 20;

    private readonly PackData _data;
    private readonly PackCursor _cursor = new();
    private Dictionary<long, RawObject> _young = [];
    private Dictionary<long, RawObject> _old = [];
    private long _youngBytes;

    public EntryReader(PackData data, long offset)
    {
        _data = data;
        _cursor.Open(data, offset);
    }

    /// <summary>Where the next entry begins.</summary>
    public long Position => _cursor.Position;

    /// <summary>Why the last entry could not be read.</summary>
    public string Fault { get; private set; } = "";

    public void Seek(long offset) => _cursor.Seek(offset);

    /// <summary>
    /// Reads the entry here. False when none can be told from the bytes. A delta whose base cannot be read is passed over with a
    /// <paramref name="entry"/> of no kind, because what stands behind it can be told.
    /// </summary>
    public bool TryRead(out RawObject entry)
    {
        entry = default;
        var offset = Position;
        try
        {
            if (_cursor.ReadHeader(out var header) != ParseStatus.Complete || header.Size > GitLimits.MaxObjectBytes) return Stop($"no entry begins at {offset}");
            // A size is believed no further than the bytes behind it could make.
            if (header.Size > MaxInflated(_data.Length - Position)) return Stop($"the entry at {offset} declares more bytes than the file could hold");
            var bytes = new byte[header.Size];
            if (_cursor.Inflate(bytes) != ParseStatus.Complete) return Stop($"the entry at {offset} is damaged: {_cursor.Fault}");
            entry = header.Type.IsDelta() ? Apply(bytes, PackReader.BaseOffset(_data, offset, header, Locate)) : new RawObject(header.Type.ToKind(), bytes);
        }
        catch (GitDataException e)
        {
            return Stop(e.Problem);
        }
        if (entry.Kind == 0) Fault = $"the base of the entry at {offset} cannot be read";
        if (entry.Kind == ObjectKind.Tree) Keep(offset, entry);
        return true;
    }

    private RawObject Apply(byte[] delta, long baseOffset)
    {
        if (!TryReadBase(baseOffset, out var source)) return default;
        if (!DeltaDecoder.TryReadSizes(delta, out _, out var size, out _) || size > GitLimits.MaxObjectBytes)
            throw new GitDataException(_data.Name, $"a delta on {baseOffset} declares no size, or one beyond the limit");
        var result = new byte[size];
        return DeltaDecoder.TryApply(source.Bytes.Span, delta, result, out _) ? new RawObject(source.Kind, result) : default;
    }

    private bool TryReadBase(long offset, out RawObject source)
    {
        if (_young.TryGetValue(offset, out source) || _old.TryGetValue(offset, out source)) return true;
        try
        {
            source = PackReader.Read(_data, offset, Locate);
            return true;
        }
        catch (GitDataException)
        {
            // The caller is told by an entry of no kind.
            return false;
        }
    }

    private void Keep(long offset, RawObject entry)
    {
        if (_youngBytes > KeptBytes)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
            _youngBytes = 0;
        }
        _young[offset] = entry;
        _youngBytes += entry.Bytes.Length;
    }

    // deflate makes at most 1,032 bytes of one (zlib's technical notes).
    private static long MaxInflated(long bytes) => 1032 * Math.Max(0, bytes);

    // A journal never holds reference deltas.
    private static long Locate(ObjectId id) => -1;

    private bool Stop(string fault)
    {
        Fault = fault;
        return false;
    }
}
