namespace Pasteur.Git.Protocol;

internal enum PktKind : byte
{
    Data,

    /// <summary><c>0000</c>: the end of a message.</summary>
    Flush,

    /// <summary><c>0001</c>: between the sections of a message (protocol v2).</summary>
    Delimiter,

    /// <summary><c>0002</c>: the end of a response on a stateless connection (protocol v2).</summary>
    ResponseEnd,
}

internal enum PktStatus : byte
{
    /// <summary><see cref="PktHead.Size"/> bytes are one whole packet.</summary>
    Complete,

    /// <summary>At least <see cref="PktHead.Size"/> bytes are needed before the packet can be read.</summary>
    Incomplete,

    Malformed,
}

internal readonly record struct PktHead(PktStatus Status, PktKind Kind, int Size);

// gitprotocol-common, "pkt-line Format"; gitprotocol-v2, "Packet-Line Framing".
//
//   +----+----+----+----+--------------------------------+
//   | length, 4 hex     | payload, length - 4 bytes      |   length counts its own four digits: 4 to 65520
//   +----+----+----+----+--------------------------------+
//   | 0    0    0    0  |  flush        | 0 0 0 1 | delimiter        | 0 0 0 2 | response end        | 0 0 0 3 | refused
internal static class PktLine
{
    public const int HeaderSize = 4;
    public const int MaxSize = 65520;
    public const int MaxPayload = MaxSize - HeaderSize;

    /// <summary>Looks at the packet that <paramref name="input"/> starts with. A length that is out of range is refused before any more bytes are waited for.</summary>
    public static PktHead Read(ReadOnlySpan<byte> input)
    {
        if (!TryReadLength(input, out var length)) return new(PktStatus.Malformed, default, 0);
        if (input.Length < HeaderSize) return new(PktStatus.Incomplete, default, HeaderSize);
        if (length is 3 or > MaxSize) return new(PktStatus.Malformed, default, 0);
        if (length < HeaderSize) return new(PktStatus.Complete, (PktKind)(length + 1), HeaderSize);
        return new(input.Length < length ? PktStatus.Incomplete : PktStatus.Complete, PktKind.Data, length);
    }

    /// <summary>The payload of a text packet without the line feed that may end it.</summary>
    public static ReadOnlySpan<byte> TrimLine(ReadOnlySpan<byte> payload) =>
        payload is [.., (byte)'\n'] ? payload[..^1] : payload;

    public static void WriteLength(Span<byte> destination, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxSize);
        const string Digits = "0123456789abcdef";
        for (var i = HeaderSize - 1; i >= 0; i--, length >>= 4) destination[i] = (byte)Digits[length & 15];
    }

    private static bool TryReadLength(ReadOnlySpan<byte> input, out int length)
    {
        length = 0;
        foreach (var c in input[..Math.Min(input.Length, HeaderSize)])
        {
            if (!char.IsAsciiHexDigit((char)c)) return false;
            length = (length << 4) | (char.IsAsciiDigit((char)c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        return true;
    }
}
