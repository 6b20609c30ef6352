using System.Buffers;
using System.Text;

namespace Pasteur.Git.Protocol;

/// <summary>Builds a request of packets in memory; requests are small and bounded by the number of refs and haves they name.</summary>
internal sealed class PktLineWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>A packet of text, ended by a line feed as gitprotocol-common asks.</summary>
    public PktLineWriter Line(string text) => Data(Encoding.UTF8.GetBytes(text + "\n"));

    public PktLineWriter Data(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > PktLine.MaxPayload) throw new ArgumentException($"A packet holds {PktLine.MaxPayload} bytes, not {payload.Length}.", nameof(payload));
        var length = PktLine.HeaderSize + payload.Length;
        var span = _buffer.GetSpan(length);
        PktLine.WriteLength(span, length);
        payload.CopyTo(span[PktLine.HeaderSize..]);
        _buffer.Advance(length);
        return this;
    }

    public PktLineWriter Flush() => Special("0000"u8);

    public PktLineWriter Delimiter() => Special("0001"u8);

    private PktLineWriter Special(ReadOnlySpan<byte> packet)
    {
        _buffer.Write(packet);
        return this;
    }
}
