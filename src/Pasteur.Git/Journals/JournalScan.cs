using System.Buffers.Binary;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Journals;

/// <summary>
/// Reads back a journal that an earlier run has left: entry after entry, recomputing every id. What follows the last record of a batch
/// was never acknowledged: a batch that was being written, or the trailer of a roll that was cut short. When a later record is found
/// behind bytes that cannot be read, those bytes are damage, and what stands behind them is offered for salvage.
/// </summary>
internal sealed class JournalScan
{
    private const int KeptBases = 4096;

    private readonly PackData _data;
    private readonly PackCursor _cursor = new();
    private readonly List<(ObjectId Id, long Offset)> _entries = [];
    private readonly List<RefRecord> _behindDamage = [];
    private Dictionary<long, RawObject> _young = [];
    private Dictionary<long, RawObject> _old = [];

    private JournalScan(PackData data) => _data = data;

    /// <summary>The objects that can be read, in the order of the file: all up to <see cref="IntactEnd"/>, and what is left behind damage.</summary>
    public IReadOnlyList<(ObjectId Id, long Offset)> Entries => _entries;

    /// <summary>The last record before any damage.</summary>
    public RefRecord? LastRecord { get; private set; }

    /// <summary>Records behind damage, oldest first.</summary>
    public IReadOnlyList<RefRecord> BehindDamage => _behindDamage;

    /// <summary>Where the last whole batch ends.</summary>
    public long IntactEnd { get; private set; } = Journal.HeaderLength;

    /// <summary>Bytes behind the last whole batch that are neither zeros nor a roll's trailer.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Why the reading ended there, when something did stand there.</summary>
    public string Fault { get; private set; } = "";

    public static JournalScan Read(PackData data)
    {
        var scan = new JournalScan(data);
        Span<byte> header = stackalloc byte[Journal.HeaderLength];
        if (data.ReadAt(0, header) < header.Length || !header.StartsWith("PACK"u8))
        {
            scan.Fault = "it does not begin as a journal does";
            scan.TornBytes = scan.LastByteSet();
            return scan;
        }
        scan.ReadEntries();
        scan.MeasureTail(BinaryPrimitives.ReadUInt32BigEndian(header[8..]));
        scan.ReadBehindDamage();
        scan._cursor.Close();
        return scan;
    }

    private void ReadEntries()
    {
        _cursor.Open(_data, Journal.HeaderLength);
        var atRecord = 0;
        while (TryReadEntry(out var entry, out var offset))
        {
            _entries.Add((ObjectHasher.Hash(entry.Kind, entry.Bytes.Span), offset));
            if (entry.Kind != ObjectKind.Tag || !RefRecord.TryParse(entry.Bytes.Span, out var record)) continue;
            LastRecord = record;
            IntactEnd = _cursor.Position;
            atRecord = _entries.Count;
        }
        _entries.RemoveRange(atRecord, _entries.Count - atRecord);
    }

    // A batch ends with a record, and the next one begins right behind it: that is where reading can be taken up again.
    private void ReadBehindDamage()
    {
        if (TornBytes == 0) return;
        var fault = Fault;
        for (var at = IntactEnd; RecordSearch.Next(_data, at) is { } found; at = _cursor.Position)
        {
            _cursor.Seek(found);
            while (TryReadEntry(out var entry, out var offset))
            {
                // A delta whose base was lost is no object, but the entries behind it are.
                if (entry.Kind == 0) continue;
                _entries.Add((ObjectHasher.Hash(entry.Kind, entry.Bytes.Span), offset));
                if (entry.Kind == ObjectKind.Tag && RefRecord.TryParse(entry.Bytes.Span, out var record)) _behindDamage.Add(record);
            }
            _cursor.Seek(Math.Max(_cursor.Position, found + 1));
        }
        Fault = fault;
    }

    private bool TryReadEntry(out RawObject entry, out long offset)
    {
        entry = default;
        offset = _cursor.Position;
        try
        {
            if (_cursor.ReadHeader(out var header) != ParseStatus.Complete || header.Size > GitLimits.MaxObjectBytes)
                return Stop($"no entry begins at {offset}");
            if (header.Type.IsDelta())
            {
                // The cursor must move behind the delta; the object comes from a base that was read a moment ago.
                var delta = new byte[header.Size];
                if (_cursor.Inflate(delta) != ParseStatus.Complete) return Stop($"the entry at {offset} is damaged: {_cursor.Fault}");
                entry = Apply(delta, PackReader.BaseOffset(_data, offset, header, Locate));
                if (entry.Kind == 0 && TornBytes == 0) return Stop($"the base of the entry at {offset} cannot be read");
            }
            else
            {
                var whole = new byte[header.Size];
                if (_cursor.Inflate(whole) != ParseStatus.Complete) return Stop($"the entry at {offset} is damaged: {_cursor.Fault}");
                entry = new RawObject(header.Type.ToKind(), whole);
            }
        }
        catch (GitDataException e)
        {
            return Stop(e.Problem);
        }
        if (entry.Kind == ObjectKind.Tree) Keep(offset, entry);
        return true;
    }

    private RawObject Apply(byte[] delta, long baseOffset)
    {
        if (!TryReadBase(baseOffset, out var source)) return default;
        if (!DeltaDecoder.TryReadSizes(delta, out _, out var size, out _) || size > GitLimits.MaxObjectBytes)
            throw new GitDataException(_data.Name, $"a delta on {baseOffset} declares no size, or one beyond the limit");
        var result = new byte[size];
        if (!DeltaDecoder.TryApply(source.Bytes.Span, delta, result, out var fault)) throw new GitDataException(_data.Name, fault);
        return new RawObject(source.Kind, result);
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
            // Its reader decides: before damage this ends the intact part, behind it only this entry is lost.
            return false;
        }
    }

    private void Keep(long offset, RawObject entry)
    {
        if (_young.Count >= KeptBases)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }
        _young[offset] = entry;
    }

    // A journal never holds reference deltas.
    private static long Locate(ObjectId id) => -1;

    private bool Stop(string fault)
    {
        Fault = fault;
        return false;
    }

    private void MeasureTail(uint count)
    {
        var torn = LastByteSet() - IntactEnd;
        var trailer = count == (uint)_entries.Count ? ObjectId.Size : 0;
        TornBytes = torn <= trailer ? 0 : torn;
    }

    // The end of what is not zero: the rest is space that was reserved and never used.
    private long LastByteSet()
    {
        var chunk = new byte[1 << 20];
        for (var end = _data.Length; end > 0;)
        {
            var start = Math.Max(0, end - chunk.Length);
            var part = chunk.AsSpan(0, (int)(end - start));
            _data.ReadExactlyAt(start, part);
            var last = part.LastIndexOfAnyExcept((byte)0);
            if (last >= 0) return start + last + 1;
            end = start;
        }
        return 0;
    }
}
