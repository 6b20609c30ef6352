using System.Buffers.Binary;
using System.Security.Cryptography;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// Finds objects in a pack. Opening checks everything that a look-up relies on except the order of the ids (a wrong order hides
/// objects, which fsck finds, but cannot lead outside of the file).
/// </summary>
internal sealed class PackIndex : IDisposable
{
    public const string Remedy = "Remove this index and make it anew from its pack: git index-pack PACK.";

    /// <summary>As many ids as are read at once: some four kilobytes, in which what is sought nearly always stands.</summary>
    private const int IdsInWindow = 200;

    /// <summary>
    /// So often the place is estimated, then halved. Of tens of millions the first estimate is off by hundreds, and nine halvings would follow; the second, from an id
    /// beside it, is off by some dozens.
    /// </summary>
    private const int EstimatedLooks = 3;

    private readonly IndexMemory _memory;
    private readonly PackIndexLayout _layout;
    private readonly int[] _fanOut;
    private readonly int _longOffsets;
    private volatile IdFilter? _filter;

    private PackIndex(IndexMemory memory, string name)
    {
        _memory = memory;
        Name = name;
        using var pin = memory.Hold();
        CheckHeader(pin);
        _fanOut = ReadFanOut(pin);
        _layout = new PackIndexLayout(_fanOut[^1]);
        var longBytes = memory.Length - PackIndexLayout.TrailerBytes - _layout.LongOffsetsOffset;
        if (longBytes < 0 || longBytes % sizeof(ulong) != 0 || longBytes / sizeof(ulong) > Count)
            throw Damaged($"it counts {Count} objects, which does not agree with its {memory.Length} bytes");
        _longOffsets = (int)(longBytes / sizeof(ulong));
        PackChecksum = new ObjectId(pin.At(memory.Length - PackIndexLayout.TrailerBytes, ObjectId.Size));
        Checksum = new ObjectId(pin.At(memory.Length - ObjectId.Size, ObjectId.Size));
    }

    public string Name { get; }

    public int Count => _layout.Count;

    /// <summary>The checksum of the pack that this index was made for.</summary>
    public ObjectId PackChecksum { get; }

    /// <summary>The checksum of the index itself, as noted in it.</summary>
    public ObjectId Checksum { get; }

    public static PackIndex Open(string path) => Own(IndexMemory.Map(path), path);

    /// <summary>An index that is in no file (in-memory mode).</summary>
    public static PackIndex Load(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < PackIndexLayout.MinLength) throw new GitDataException(name, $"a pack index has {PackIndexLayout.MinLength} bytes or more, not {bytes.Length}", Remedy);
        return Own(IndexMemory.Copy(bytes), name);
    }

    /// <summary>Where an object's entry begins in the pack.</summary>
    public bool TryFind(ObjectId id, out long offset)
    {
        var found = TryFindPosition(id, out var position);
        offset = found ? OffsetAt(position) : 0;
        return found;
    }

    /// <summary>
    /// Goes through all ids once, so that those that are not here are recognised without a look at the file from now on. Takes some ten
    /// milliseconds for a million, and a byte and a quarter of memory for each.
    /// </summary>
    public void MakeFilter()
    {
        if (_filter is not null) return;
        var filter = new IdFilter(Count);
        try
        {
            using var pin = _memory.Hold();
            for (var n = 0; n < Count; n++) filter.Add(IdAt(pin, n));
        }
        catch (ObjectDisposedException)
        {
            // Its pack was merged away a moment ago.
            return;
        }
        _memory.LetGo();
        _filter = filter;
    }

    /// <summary>Bytes of the index itself.</summary>
    public long Length => _memory.Length;

    /// <inheritdoc cref="IndexMemory.IsMapRead"/>
    public bool IsMapRead
    {
        set => _memory.IsMapRead = value;
    }

    /// <inheritdoc cref="IndexMemory.LetGo"/>
    public void LetGo() => _memory.LetGo();

    /// <inheritdoc cref="IdFilter.Foresee"/>
    public void Foresee(ObjectId id) => _filter?.Foresee(id);

    /// <summary>Which of the sorted ids it is.</summary>
    public bool TryFindPosition(ObjectId id, out int position)
    {
        position = -1;
        return _filter?.MayContain(id) != false && Search(id, out position);
    }

    public ObjectId IdAt(int n)
    {
        CheckPosition(n);
        using var pin = _memory.Hold();
        return IdAt(pin, n);
    }

    public long OffsetAt(int n)
    {
        CheckPosition(n);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        var offset = BinaryPrimitives.ReadUInt32BigEndian(Read(_layout.OffsetsOffset + ((long)n * sizeof(uint)), bytes[..sizeof(uint)]));
        if ((offset & PackIndexLayout.LongOffsetBit) == 0) return offset;
        var index = offset & ~PackIndexLayout.LongOffsetBit;
        if (index >= _longOffsets) throw Damaged($"entry {n} points outside of its table of long offsets");
        var longOffset = BinaryPrimitives.ReadInt64BigEndian(Read(_layout.LongOffsetsOffset + ((long)index * sizeof(ulong)), bytes));
        return longOffset >= 0 ? longOffset : throw Damaged($"entry {n} has a negative offset");
    }

    public uint Crc32At(int n)
    {
        CheckPosition(n);
        using var pin = _memory.Hold();
        return ReadUInt32(pin, _layout.CrcsOffset + ((long)n * sizeof(uint)));
    }

    /// <summary>Whether the bytes of the index are those that its checksum was made of.</summary>
    public bool VerifyChecksum(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        Span<byte> digest = stackalloc byte[ObjectId.Size];
        using var pin = _memory.Hold();
        var end = _memory.Length - ObjectId.Size;
        for (long position = 0, run; position < end; position += run)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run = Math.Min(1 << 20, end - position);
            hash.AppendData(pin.At(position, (int)run));
        }

        hash.GetHashAndReset(digest);
        return new ObjectId(digest) == Checksum;
    }

    public void Dispose() => _memory.Dispose();

    private static PackIndex Own(IndexMemory memory, string name)
    {
        try
        {
            return new PackIndex(memory, name);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private bool Search(ObjectId id, out int position)
    {
        var low = id.FirstByte == 0 ? 0 : _fanOut[id.FirstByte - 1];
        var high = _fanOut[id.FirstByte];
        Span<byte> window = stackalloc byte[IdsInWindow * ObjectId.Size];
        var middle = Expected(id, low, high);
        for (var looks = 1; low < high; looks++)
        {
            var first = Math.Clamp(middle - (IdsInWindow / 2), low, Math.Max(low, high - IdsInWindow));
            var ids = window[..(Math.Min(IdsInWindow, high - first) * ObjectId.Size)];
            if (!_memory.TryRead(PackIndexLayout.IdsOffset + ((long)first * ObjectId.Size), ids)) throw Damaged("it has become shorter while it was open");
            var count = ids.Length / ObjectId.Size;
            var (least, greatest) = (IdIn(ids, 0), IdIn(ids, count - 1));
            if (id.CompareTo(least) >= 0 && id.CompareTo(greatest) <= 0) return TryFindIn(ids, id, first, out position);
            if (id.CompareTo(least) < 0) (high, middle) = (first, first - Between(id, least));
            else (low, middle) = (first + count, first + count + Between(greatest, id));
            // Ids need not be spread evenly: somebody may have chosen them.
            if (looks >= EstimatedLooks) middle = (int)((uint)(low + high) / 2);
        }
        position = -1;
        return false;
    }

    private void CheckHeader(IndexMemory.Pin pin)
    {
        if (ReadUInt32(pin, 0) != PackIndexLayout.Signature) throw Damaged("it does not begin as a pack index of version 2 does");
        var version = ReadUInt32(pin, sizeof(uint));
        if (version != PackIndexLayout.Version) throw Damaged($"it is a pack index of version {version}; only version {PackIndexLayout.Version} is known");
    }

    private int[] ReadFanOut(IndexMemory.Pin pin)
    {
        var fanOut = new int[PackIndexLayout.FanOutEntries];
        var before = 0;
        for (var n = 0; n < fanOut.Length; n++)
        {
            var count = (int)ReadUInt32(pin, PackIndexLayout.FanOutOffset + (n * sizeof(uint)));
            if (count < before) throw Damaged("its fan-out table goes down");
            fanOut[n] = before = count;
        }

        return fanOut;
    }

    /// <summary>Where it would stand if the ids that begin with its first byte were spread evenly, as digests nearly are.</summary>
    private static int Expected(ObjectId id, int low, int high) => low + (int)(((ulong)(high - low) * (uint)(id.FirstBits >> 24)) >> 32);

    /// <summary>How many ids would stand between two, if all were spread evenly.</summary>
    private int Between(ObjectId lesser, ObjectId greater) => (int)Math.BigMul(greater.FirstBits - lesser.FirstBits, (ulong)Count, out _);

    private static bool TryFindIn(ReadOnlySpan<byte> ids, ObjectId id, int first, out int position)
    {
        var (low, high) = (0, ids.Length / ObjectId.Size);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var order = id.CompareTo(IdIn(ids, middle));
            if (order == 0)
            {
                position = first + middle;
                return true;
            }
            if (order < 0) high = middle;
            else low = middle + 1;
        }
        position = -1;
        return false;
    }

    private static ObjectId IdIn(ReadOnlySpan<byte> ids, int n) => new(ids.Slice(n * ObjectId.Size, ObjectId.Size));

    private ReadOnlySpan<byte> Read(long offset, Span<byte> bytes) =>
        _memory.TryRead(offset, bytes) ? bytes : throw Damaged("it has become shorter while it was open");

    private static ObjectId IdAt(IndexMemory.Pin pin, int n) => new(pin.At(PackIndexLayout.IdsOffset + ((long)n * ObjectId.Size), ObjectId.Size));

    private void CheckPosition(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
    }

    private static uint ReadUInt32(IndexMemory.Pin pin, long offset) => BinaryPrimitives.ReadUInt32BigEndian(pin.At(offset, sizeof(uint)));

    private GitDataException Damaged(string problem) => new(Name, problem, Remedy);
}
