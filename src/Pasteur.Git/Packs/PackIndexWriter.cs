using System.Buffers.Binary;
using System.Security.Cryptography;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>Writes a pack index, version 2 (see <see cref="PackIndexLayout"/>).</summary>
internal static class PackIndexWriter
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Writes the index of entries that are sorted; returns its checksum. The entries are gone through several times.</summary>
    public static ObjectId Write(Stream destination, IReadOnlyCollection<PackIndexEntry> sorted, ObjectId packChecksum)
    {
        using var output = new HashedOutput(destination);
        output.WriteUInt32(PackIndexLayout.Signature);
        output.WriteUInt32(PackIndexLayout.Version);
        WriteFanOut(output, sorted);
        WriteIds(output, sorted);
        foreach (var entry in sorted) output.WriteUInt32(entry.Crc32);
        WriteOffsets(output, sorted);
        output.WriteId(packChecksum);
        return output.Finish();
    }

    /// <summary>The bytes of an index, for in-memory mode.</summary>
    public static byte[] ToArray(IReadOnlyCollection<PackIndexEntry> sorted, ObjectId packChecksum)
    {
        var longOffsets = sorted.Count(entry => entry.Offset >= PackIndexLayout.LongOffsetBit);
        var bytes = new byte[PackIndexLayout.MinLength + (sorted.Count * (ObjectId.Size + (2 * sizeof(uint)))) + (longOffsets * sizeof(ulong))];
        using var stream = new MemoryStream(bytes);
        Write(stream, sorted, packChecksum);
        return bytes;
    }

    private static void WriteFanOut(HashedOutput output, IReadOnlyCollection<PackIndexEntry> sorted)
    {
        Span<uint> counts = stackalloc uint[PackIndexLayout.FanOutEntries];
        counts.Clear();
        foreach (var entry in sorted) counts[entry.Id.FirstByte]++;
        var total = 0u;
        foreach (var count in counts) output.WriteUInt32(total += count);
    }

    private static void WriteIds(HashedOutput output, IReadOnlyCollection<PackIndexEntry> sorted)
    {
        var before = default(PackIndexEntry);
        foreach (var entry in sorted)
        {
            if (entry < before) throw new ArgumentException("The entries of an index are sorted by id.", nameof(sorted));
            output.WriteId(entry.Id);
            before = entry;
        }
    }

    private static void WriteOffsets(HashedOutput output, IReadOnlyCollection<PackIndexEntry> sorted)
    {
        var longOffsets = 0u;
        foreach (var entry in sorted)
            output.WriteUInt32(entry.Offset < PackIndexLayout.LongOffsetBit ? (uint)entry.Offset : PackIndexLayout.LongOffsetBit | longOffsets++);

        if (longOffsets == 0) return;
        foreach (var entry in sorted)
            if (entry.Offset >= PackIndexLayout.LongOffsetBit) output.WriteUInt64((ulong)entry.Offset);
    }

    private sealed class HashedOutput(Stream destination) : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        private readonly byte[] _buffer = new byte[BufferBytes];
        private int _filled;

        public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Next(sizeof(uint)), value);

        public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Next(sizeof(ulong)), value);

        public void WriteId(ObjectId id) => id.CopyTo(Next(ObjectId.Size));

        public ObjectId Finish()
        {
            Flush();
            Span<byte> digest = stackalloc byte[ObjectId.Size];
            _hash.GetHashAndReset(digest);
            destination.Write(digest);
            return new ObjectId(digest);
        }

        public void Dispose() => _hash.Dispose();

        private Span<byte> Next(int length)
        {
            if (BufferBytes - _filled < length) Flush();
            _filled += length;
            return _buffer.AsSpan(_filled - length, length);
        }

        private void Flush()
        {
            _hash.AppendData(_buffer, 0, _filled);
            destination.Write(_buffer, 0, _filled);
            _filled = 0;
        }
    }
}
