
namespace Pasteur.Git.Packs;

/// <summary>An entry of one of the packs that are being merged.</summary>
internal readonly struct SourceEntry
{
    private readonly PackOrder _order;

    public SourceEntry(MergeSource source, PackOrder order, int n)
    {
        Source = source;
        _order = order;
        Offset = order.OffsetAt(n);
        Length = order.LengthAt(n);
        Position = order.PositionAt(n);
        Header = PackReader.ReadHeader(source.Pack.Data, Offset);
        if (Header.Length >= Length) throw Damaged("it ends in its header");
    }

    public MergeSource Source { get; }

    public long Offset { get; }

    /// <summary>Bytes of the entry, header and all.</summary>
    public long Length { get; }

    /// <summary>Its place in the index.</summary>
    public int Position { get; }

    public PackEntryHeader Header { get; }

    public uint ExpectedCrc32 => Source.Pack.Index.Crc32At(Position);

    // The header line of the tags that the journal ends its batches with. In a pack they are worth nothing.
    private static ReadOnlySpan<byte> RecordLine => "\ntag pasteur.ref-record"u8;

    public bool IsRecord()
    {
        if (Header.Type != PackEntryType.Tag) return false;
        var content = Source.Pack.ReadAt(Offset).Bytes.Span;
        var headers = content.IndexOf("\n\n"u8);
        return (headers < 0 ? content : content[..headers]).IndexOf(RecordLine) >= 0;
    }

    /// <summary>Which entry of the pack holds the base of this delta.</summary>
    public int FindBase()
    {
        var offset = Offset - Header.BaseDistance;
        if (Header.Type == PackEntryType.ReferenceDelta && !Source.Pack.Index.TryFind(Header.BaseId, out offset)) throw Damaged($"its base {Header.BaseId} is not in this pack");
        var n = _order.Find(offset);
        return n >= 0 ? n : throw Damaged("no entry begins where its base should");
    }

    public GitDataException Damaged(string problem) => new(Source.Pack.Name, $"the entry at {Offset}: {problem}; its packs stay unmerged");
}
