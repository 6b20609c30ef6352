using System.Buffers.Binary;
using System.Security.Cryptography;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>
/// Finds objects in a pack: its index, memory-mapped. Opening checks everything that a look-up relies on except the order of
/// the ids (a wrong order hides objects, which fsck finds, but cannot lead outside of the file).
/// </summary>
internal sealed class PackIndex : IDisposable
{
    public const string Remedy = "Remove this index and make it anew from its pack: git index-pack PACK.";

    private readonly IndexMemory _memory;
    private readonly PackIndexLayout _layout;
    private readonly int[] _fanOut;
    private readonly int _longOffsets;

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
        using var pin = _memory.Hold();
        var found = TryFindPosition(pin, id, out var position);
        offset = found ? OffsetAt(pin, position) : 0;
        return found;
    }

    /// <summary>Bytes of the index itself.</summary>
    public long Length => _memory.Length;

    /// <inheritdoc cref="IndexMemory.LetGo"/>
    public void LetGo() => _memory.LetGo();

    /// <summary>Which of the sorted ids it is.</summary>
    public bool TryFindPosition(ObjectId id, out int position)
    {
        using var pin = _memory.Hold();
        return TryFindPosition(pin, id, out position);
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
        using var pin = _memory.Hold();
        return OffsetAt(pin, n);
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

    private bool TryFindPosition(IndexMemory.Pin pin, ObjectId id, out int position)
    {
        var low = id.FirstByte == 0 ? 0 : _fanOut[id.FirstByte - 1];
        var high = _fanOut[id.FirstByte];
        while (low < high)
        {
            position = (int)((uint)(low + high) / 2);
            var order = id.CompareTo(IdAt(pin, position));
            if (order == 0) return true;
            if (order < 0) high = position;
            else low = position + 1;
        }

        position = -1;
        return false;
    }

    private static ObjectId IdAt(IndexMemory.Pin pin, int n) => new(pin.At(PackIndexLayout.IdsOffset + ((long)n * ObjectId.Size), ObjectId.Size));

    private long OffsetAt(IndexMemory.Pin pin, int n)
    {
        var offset = ReadUInt32(pin, _layout.OffsetsOffset + ((long)n * sizeof(uint)));
        if ((offset & PackIndexLayout.LongOffsetBit) == 0) return offset;
        var index = offset & ~PackIndexLayout.LongOffsetBit;
        if (index >= _longOffsets) throw Damaged($"entry {n} points outside of its table of long offsets");
        var longOffset = BinaryPrimitives.ReadInt64BigEndian(pin.At(_layout.LongOffsetsOffset + ((long)index * sizeof(ulong)), sizeof(ulong)));
        return longOffset >= 0 ? longOffset : throw Damaged($"entry {n} has a negative offset");
    }

    private void CheckPosition(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
    }

    private static uint ReadUInt32(IndexMemory.Pin pin, long offset) => BinaryPrimitives.ReadUInt32BigEndian(pin.At(offset, sizeof(uint)));

    private GitDataException Damaged(string problem) => new(Name, problem, Remedy);
}
