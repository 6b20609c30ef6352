using System.Buffers.Binary;
using System.IO.Compression;
using Pasteur.Git.Objects;
using Pasteur.Git.Zlib;

namespace Pasteur.Git.Packs;

/// <summary>
/// Pack entries being written one after the other (gitformat-pack, "pack-*.pack files have the following format"):
/// <code>
/// entry  = header [base] zlib
/// header = 1 type:3 size:4 | (more size:7)*    least significant bits first, bit 7 = more
/// base   = OFS_DELTA: distance back to the base's header | REF_DELTA: 20-byte name | nothing
/// </code>
/// </summary>
internal sealed class EntryBuffer
{
    private const int StoredBlockBytes = ushort.MaxValue;
    private const int DeflateFrom = 512;

    private byte[] _bytes;

    public EntryBuffer(int capacity = 4096) => _bytes = new byte[Math.Max(capacity, 64)];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Forgets a buffer that one large batch has blown up.</summary>
    public void Shrink(int capacity)
    {
        if (_bytes.Length > capacity) _bytes = new byte[capacity];
        Length = 0;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>A whole object.</summary>
    public void AppendWhole(ObjectKind kind, ReadOnlySpan<byte> content, Packing packing)
    {
        AppendHeader(PackEntryHeader.ForObject(kind, content.Length));
        AppendZlib(content, packing);
    }

    /// <summary>A delta against the entry that began <paramref name="distance"/> bytes before this one.</summary>
    public void AppendOffsetDelta(long distance, ReadOnlySpan<byte> delta)
    {
        AppendHeader(PackEntryHeader.ForOffsetDelta(delta.Length, distance));
        AppendZlib(delta, Packing.Store);
    }

    /// <summary>A delta against an object that the receiver has.</summary>
    public void AppendReferenceDelta(ObjectId baseId, ReadOnlySpan<byte> delta)
    {
        AppendHeader(PackEntryHeader.ForReferenceDelta(delta.Length, baseId));
        AppendZlib(delta, Packing.Store);
    }

    private void AppendHeader(PackEntryHeader header) => Length += header.Write(Reserve(PackEntryHeader.MaxLength));

    private void AppendZlib(ReadOnlySpan<byte> content, Packing packing)
    {
        if (packing == Packing.Store || content.Length < DeflateFrom)
        {
            AppendStored(content);
            return;
        }
        if (content.Length <= ZlibDeflater.MaxInput)
        {
            if (ZlibDeflater.Deflate(content, Reserve(StoredLength(content.Length))[..StoredLength(content.Length)]) is var length and > 0) Length += length;
            else AppendStored(content);
            return;
        }
        var start = Length;
        using (var sink = new Sink(this))
        using (var zlib = new ZLibStream(sink, CompressionLevel.Fastest))
            zlib.Write(content);
        if (Length - start <= StoredLength(content.Length)) return;
        Length = start;
        AppendStored(content);
    }

    private static int StoredLength(int size) => 2 + size + 5 * Math.Max(1, (size + StoredBlockBytes - 1) / StoredBlockBytes) + 4;

    // zlib (RFC 1950): CMF 0x78, FLG 0x01; then stored blocks: BFINAL, LEN, ~LEN, bytes; then Adler-32, big-endian.
    private void AppendStored(ReadOnlySpan<byte> content)
    {
        var target = Reserve(StoredLength(content.Length));
        target[0] = 0x78;
        target[1] = 0x01;
        var at = 2;
        var rest = content;
        do
        {
            var block = Math.Min(rest.Length, StoredBlockBytes);
            target[at] = block == rest.Length ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16LittleEndian(target[(at + 1)..], (ushort)block);
            BinaryPrimitives.WriteUInt16LittleEndian(target[(at + 3)..], (ushort)~block);
            rest[..block].CopyTo(target[(at + 5)..]);
            at += 5 + block;
            rest = rest[block..];
        }
        while (!rest.IsEmpty);
        BinaryPrimitives.WriteUInt32BigEndian(target[at..], Adler32.Compute(content));
        Length += at + 4;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, checked((int)Math.Max(_bytes.Length * 2L, (long)Length + count)));
        return _bytes.AsSpan(Length);
    }

    /// <summary>Lets <see cref="ZLibStream"/> write into the buffer.</summary>
    private sealed class Sink(EntryBuffer buffer) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => buffer.Length;
        public override long Position { get => buffer.Length; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] array, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] array, int offset, int count) => buffer.Append(array.AsSpan(offset, count));
        public override void Write(ReadOnlySpan<byte> bytes) => buffer.Append(bytes);
    }
}
