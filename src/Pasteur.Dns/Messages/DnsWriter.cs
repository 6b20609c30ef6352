using System.Buffers.Binary;

namespace Pasteur.Dns.Messages;

/// <summary>Writes the fields of a message in their order; names are never compressed. The buffer must hold <see cref="DnsLimits.MaxRequestBytes"/>.</summary>
internal ref struct DnsWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    public void WriteUInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[Length..], checked((ushort)value));
        Length += sizeof(ushort);
    }

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[Length..], value);
        Length += sizeof(uint);
    }

    /// <summary>Seconds since 1970 as a signature holds them.</summary>
    public void WriteUInt48(long value)
    {
        WriteUInt16((int)(value >> 32));
        WriteUInt32((uint)value);
    }

    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
    }

    public void WriteName(DnsName name) => WriteBytes(name.Wire);

    /// <summary>A text below 256 bytes (RFC 1035 section 3.3): its length, then itself.</summary>
    public void WriteCharacterString(scoped ReadOnlySpan<byte> text)
    {
        _buffer[Length++] = checked((byte)text.Length);
        WriteBytes(text);
    }
}
