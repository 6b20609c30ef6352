using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Pasteur.Dns.Messages;

/// <summary>Reads the fields of a message in their order. A field that is not whole reads as false, and nothing after it is of use.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message, int position = 0)
{
    private const byte PointerMark = 0xC0;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; } = position;

    public bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (!TryReadBytes(sizeof(ushort), out var bytes))
            return false;
        value = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (!TryReadBytes(sizeof(uint), out var bytes))
            return false;
        value = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return true;
    }

    /// <summary>The 48 bits of a time in a signature.</summary>
    public bool TryReadUInt48(out long value)
    {
        value = 0;
        if (!TryReadUInt16(out var high) || !TryReadUInt32(out var low))
            return false;
        value = ((long)high << 32) | low;
        return true;
    }

    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_message.Length - Position < count)
            return false;
        bytes = _message.Slice(Position, count);
        Position += count;
        return true;
    }

    /// <summary>
    /// A name, compressed or not (RFC 1035 section 4.1.4): labels, then the root or a pointer to where the rest of it stands.
    /// <code>
    /// 00llllll label…      11pppppp pppppppp
    /// </code>
    /// Each pointer must lead further back than where the part before it began, so that reading ends.
    /// </summary>
    public bool TryReadName([NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        Span<byte> wire = stackalloc byte[DnsLimits.MaxNameBytes];
        var (length, at, partStart) = (0, Position, Position);
        var end = -1; // after the first pointer, where reading goes on
        while (at < _message.Length)
        {
            var head = _message[at];
            if ((head & PointerMark) == PointerMark)
            {
                if (at + 1 >= _message.Length)
                    return false;
                var target = ((head & ~PointerMark) << 8) | _message[at + 1];
                if (target >= partStart)
                    return false;
                end = end < 0 ? at + 2 : end;
                at = partStart = target;
                continue;
            }
            var whole = 1 + head;
            // 01 and 10 are reserved; the root must still fit.
            if (head > DnsLimits.MaxLabelBytes || at + whole > _message.Length || length + whole + (head == 0 ? 0 : 1) > wire.Length)
                return false;
            _message.Slice(at, whole).CopyTo(wire[length..]);
            (length, at) = (length + whole, at + whole);
            if (head != 0)
                continue;
            Position = end < 0 ? at : end;
            name = DnsName.FromWire(wire[..length]);
            return true;
        }
        return false;
    }
}
