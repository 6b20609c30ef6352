using System.Buffers;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// Reads whole objects out of a pack (or a journal): walks a delta chain down to its base, then applies the deltas on the
/// way back. No recursion; at most two versions of the object and one delta are in memory at a time.
/// </summary>
internal sealed class PackReader
{
    [ThreadStatic]
    private static PackReader? _spare;

    private readonly PackCursor _cursor = new();
    private readonly List<DeltaLink> _chain = [];
    private RecentTrees _trees = RecentTrees.Few();

    private PackReader()
    {
    }

    private readonly record struct DeltaLink(long EntryOffset, long DataOffset, int Size);

    /// <summary>
    /// Reads the object at an offset. <paramref name="locate"/> finds the base of a reference delta in the same data (a pack
    /// on disk holds every base it needs) and answers a negative number when it is not there.
    /// </summary>
    public static RawObject Read(PackData data, long offset, Func<ObjectId, long>? locate = null)
    {
        // Taken from its slot while in use: a locate that reads a pack itself gets a reader of its own.
        var reader = _spare ?? new PackReader();
        _spare = null;
        reader._cursor.Open(data, offset);
        try
        {
            return reader.ReadObject(offset, locate);
        }
        finally
        {
            reader._cursor.Close();
            reader._chain.Clear();
            _spare = reader;
        }
    }

    /// <summary>This thread reads history: until the answer is disposed, more trees are kept than for a look.</summary>
    public static IDisposable KeepManyTrees()
    {
        var reader = _spare ??= new PackReader();
        reader._trees = RecentTrees.Many();
        return new ManyTrees(reader);
    }

    /// <summary>Reads only what stands before the zlib stream.</summary>
    public static PackEntryHeader ReadHeader(PackData data, long offset)
    {
        Span<byte> bytes = stackalloc byte[PackEntryHeader.MaxLength];
        var read = data.ReadAt(offset, bytes);
        var status = PackEntryHeader.Read(bytes[..read], out var header);
        return status == ParseStatus.Complete ? header : throw Damaged(data, offset, HeaderFault(status));
    }

    /// <summary>The kind of the object at an offset: that of the base at the end of its delta chain. Nothing is inflated.</summary>
    public static ObjectKind ReadKind(PackData data, long offset, Func<ObjectId, long>? locate = null)
    {
        for (var depth = 0; ; depth++)
        {
            var header = ReadHeader(data, offset);
            if (!header.Type.IsDelta()) return header.Type.ToKind();
            if (_spare?._trees.Find(data, offset) is not null) return ObjectKind.Tree;
            if (depth == GitLimits.MaxDeltaChain) throw Damaged(data, offset, ChainFault);
            offset = BaseOffset(data, offset, header, locate);
        }
    }

    /// <summary>Where the base of a delta begins, checked to be in the data.</summary>
    public static long BaseOffset(PackData data, long offset, PackEntryHeader header, Func<ObjectId, long>? locate)
    {
        if (header.Type == PackEntryType.OffsetDelta)
        {
            var baseOffset = offset - header.BaseDistance;
            return baseOffset > 0 ? baseOffset : throw Damaged(data, offset, "its base would begin before the pack does");
        }

        var located = locate?.Invoke(header.BaseId) ?? -1;
        return located >= 0 ? located : throw Damaged(data, offset, $"its base {header.BaseId} is not in this pack");
    }

    private const string ChainFault = "its delta chain runs in a circle, or is longer than any that git makes";

    private RawObject ReadObject(long offset, Func<ObjectId, long>? locate)
    {
        if (_trees.Find(_cursor.Data, offset) is { } known) return new RawObject(ObjectKind.Tree, known);
        var (kind, content) = ReadEntry(offset, locate);
        if (kind == ObjectKind.Tree) _trees.Add(_cursor.Data, offset, content);
        return new RawObject(kind, content);
    }

    private (ObjectKind Kind, byte[] Content) ReadEntry(long offset, Func<ObjectId, long>? locate)
    {
        var header = ReadEntryHeader(offset);
        while (header.Type.IsDelta())
        {
            if (_chain.Count == GitLimits.MaxDeltaChain) throw Damaged(_cursor.Data, offset, ChainFault);
            _chain.Add(new DeltaLink(offset, _cursor.Position, (int)header.Size));
            offset = BaseOffset(_cursor.Data, offset, header, locate);
            if (_trees.Find(_cursor.Data, offset) is { } known) return (ObjectKind.Tree, ApplyChain(PooledBytes.Of(known)));
            _cursor.SeekBase(offset);
            header = ReadEntryHeader(offset);
        }

        var kind = header.Type.ToKind();
        if (_chain.Count == 0)
        {
            var whole = GC.AllocateUninitializedArray<byte>((int)header.Size);
            Inflate(offset, whole);
            return (kind, whole);
        }

        var version = PooledBytes.Rent((int)header.Size);
        Inflate(offset, version.Span);
        return (kind, ApplyChain(version));
    }

    private byte[] ApplyChain(PooledBytes version)
    {
        for (var n = _chain.Count - 1; ; n--)
        {
            var link = _chain[n];
            using var delta = PooledBytes.Rent(link.Size);
            _cursor.Seek(link.DataOffset);
            Inflate(link.EntryOffset, delta.Span);
            if (!DeltaDecoder.TryReadSizes(delta.Span, out _, out var size, out _) || size > GitLimits.MaxObjectBytes)
                throw Damaged(_cursor.Data, link.EntryOffset, "its delta declares no size, or one beyond the limit");

            if (n == 0)
            {
                var result = GC.AllocateUninitializedArray<byte>((int)size);
                Apply(version, delta, result, link);
                version.Dispose();
                return result;
            }

            var next = PooledBytes.Rent((int)size);
            Apply(version, delta, next.Span, link);
            version.Dispose();
            version = next;
        }
    }

    private void Apply(PooledBytes version, PooledBytes delta, Span<byte> result, DeltaLink link)
    {
        if (!DeltaDecoder.TryApply(version.Span, delta.Span, result, out var fault)) throw Damaged(_cursor.Data, link.EntryOffset, fault);
    }

    private PackEntryHeader ReadEntryHeader(long offset)
    {
        var status = _cursor.ReadHeader(out var header);
        if (status != ParseStatus.Complete) throw Damaged(_cursor.Data, offset, HeaderFault(status));
        if (header.Size > GitLimits.MaxObjectBytes) throw Damaged(_cursor.Data, offset, $"it declares {header.Size} bytes, more than the {GitLimits.MaxObjectBytes} that are read");
        return header;
    }

    private void Inflate(long offset, Span<byte> destination)
    {
        var status = _cursor.Inflate(destination);
        if (status == ParseStatus.Complete) return;
        throw Damaged(_cursor.Data, offset, status == ParseStatus.Malformed ? $"its zlib stream is damaged: {_cursor.Fault}" : "the pack ends in its zlib stream");
    }

    private static string HeaderFault(ParseStatus status) => status == ParseStatus.Malformed ? "no entry begins there" : "the pack ends in its header";

    private static GitDataException Damaged(PackData data, long offset, string fault) => new(data.Name, $"the entry at {offset}: {fault}");

    private sealed class ManyTrees(PackReader reader) : IDisposable
    {
        public void Dispose() => reader._trees = RecentTrees.Few();
    }

    private readonly struct PooledBytes : IDisposable
    {
        private readonly byte[] _array;
        private readonly int _length;
        private readonly bool _isRented;

        private PooledBytes(byte[] array, int length, bool isRented) => (_array, _length, _isRented) = (array, length, isRented);

        public Span<byte> Span => _array.AsSpan(0, _length);

        public static PooledBytes Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length), length, isRented: true);

        /// <summary>Bytes that belong to somebody else, to be read only.</summary>
        public static PooledBytes Of(byte[] array) => new(array, array.Length, isRented: false);

        public void Dispose()
        {
            if (_isRented) ArrayPool<byte>.Shared.Return(_array);
        }
    }
}
