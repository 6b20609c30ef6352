using System.Buffers.Binary;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Journals;

/// <summary>
/// Reads back a journal that an earlier run has left: batch after batch, recomputing every id, as long as each is what its record
/// vouches for. What follows was never acknowledged: a batch that was being written, or the trailer of a roll that was cut short. When
/// a later record is found behind bytes that cannot be trusted, those bytes are damage, and what can be read there is offered for salvage.
/// </summary>
internal sealed class JournalScan
{
    private readonly PackData _data;
    private readonly string _mark;
    private readonly EntryReader _reader;
    private readonly List<(ObjectId Id, long Offset)> _entries = [];
    private readonly List<RefRecord> _behindDamage = [];

    private JournalScan(PackData data, string mark)
    {
        _data = data;
        _mark = mark;
        _reader = new EntryReader(data, Journal.HeaderLength);
    }

    /// <summary>The objects that can be read, in the order of the file: all up to <see cref="IntactEnd"/>, and what is left behind damage.</summary>
    public IReadOnlyList<(ObjectId Id, long Offset)> Entries => _entries;

    /// <summary>The last record before any damage.</summary>
    public RefRecord? LastRecord { get; private set; }

    /// <summary>Records of damaged batches and of those behind them, oldest first.</summary>
    public IReadOnlyList<RefRecord> BehindDamage => _behindDamage;

    /// <summary>Where the last whole batch ends.</summary>
    public long IntactEnd { get; private set; } = Journal.HeaderLength;

    /// <summary>Bytes that are neither whole batches, nor zeros, nor a roll's trailer.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Why the reading ended there, when something did stand there.</summary>
    public string Fault { get; private set; } = "";

    /// <param name="mark">The journal's, from its file's name.</param>
    public static JournalScan Read(PackData data, string mark)
    {
        var scan = new JournalScan(data, mark);
        Span<byte> header = stackalloc byte[Journal.HeaderLength];
        var read = data.ReadAt(0, header);
        scan.ReadBatches();
        scan.MeasureTail(BinaryPrimitives.ReadUInt32BigEndian(header[8..]));
        scan.ReadBehindDamage();
        if (!Journal.IsHeader(header[..read]))
        {
            scan.TornBytes += read;
            scan.Fault = $"its first {Journal.HeaderLength} bytes are not those of a journal. {scan.Fault}";
        }
        return scan;
    }

    private void ReadBatches()
    {
        var batch = new List<(ObjectId, long)>();
        for (var offset = _reader.Position; _reader.TryRead(out var entry) && entry.Kind != 0; offset = _reader.Position)
        {
            batch.Add((ObjectHasher.Hash(entry.Kind, entry.Bytes.Span), offset));
            if (!IsRecord(entry, out var record)) continue;
            if (record.Seal.Start != IntactEnd || record.Seal.Checksum != Checksum(IntactEnd, offset))
            {
                Fault = $"the batch from {IntactEnd} to {offset} is not what its record vouches for";
                return;
            }
            LastRecord = record;
            IntactEnd = _reader.Position;
            _entries.AddRange(batch);
            batch.Clear();
        }
        Fault = _reader.Fault;
    }

    // The bytes from one record to the next are a batch: there reading can be taken up again.
    private void ReadBehindDamage()
    {
        if (TornBytes == 0) return;
        for (var from = IntactEnd; RecordSearch.Next(_data, from, _mark) is { } found; from = _reader.Position)
        {
            _reader.Seek(found);
            if (!_reader.TryRead(out var entry) || !IsRecord(entry, out var record)) return;
            var end = _reader.Position;
            var reached = ReadStretch(from, found);
            if (record.Seal.Start > reached) ReadStretch(record.Seal.Start, found);
            _behindDamage.Add(record);
            _reader.Seek(end);
        }
    }

    private long ReadStretch(long from, long to)
    {
        _reader.Seek(from);
        for (var offset = from; offset < to && _reader.TryRead(out var entry); offset = _reader.Position)
            if (entry.Kind != 0) _entries.Add((ObjectHasher.Hash(entry.Kind, entry.Bytes.Span), offset));
        return _reader.Position;
    }

    private bool IsRecord(RawObject entry, out RefRecord record)
    {
        record = null!;
        return entry.Kind == ObjectKind.Tag && RefRecord.TryParse(entry.Bytes.Span, out record) && record.Seal.Mark == _mark;
    }

    private uint Checksum(long from, long to)
    {
        var chunk = new byte[Math.Min(to - from, 1 << 20)];
        uint crc = 0;
        for (var at = from; at < to; at += chunk.Length)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, to - at));
            _data.ReadExactlyAt(at, part);
            crc = Crc32.Update(crc, part);
        }
        return crc;
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
        var chunk = new byte[Math.Min(1 << 20, _data.Length)];
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
