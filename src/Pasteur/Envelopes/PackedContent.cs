using System.Buffers.Binary;
using System.IO.Compression;
using Pasteur.Configuration;

namespace Pasteur.Envelopes;

/// <summary>
/// The content, deflated without a header (RFC 1951); before that it is
/// <code>
/// length:4    of head, big-endian
/// head        JSON: which files, and their language
/// body        the files' bytes, one after the other
/// </code>
/// </summary>
internal static class PackedContent
{
    private const int LengthBytes = 4;

    public static byte[] Pack(EnvelopeContent content)
    {
        var head = EnvelopeHead.Write(content);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt32BigEndian(length, head.Length);
        var packed = new MemoryStream();
        using (var deflater = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflater.Write(length);
            deflater.Write(head);
            foreach (var file in content.Files) deflater.Write(file.Bytes.Span);
        }
        return packed.ToArray();
    }

    /// <summary>Null when it is no content.</summary>
    public static EnvelopeContent? Unpack(ArraySegment<byte> packed)
    {
        if (Inflated.Read(packed, Limits.MaxEnvelopeContentBytes) is not { } content || content.Length < LengthBytes) return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(content.Span);
        if (length > Math.Min(content.Length - LengthBytes, Limits.MaxEnvelopeHeadBytes)) return null;
        return EnvelopeHead.Read(content.Span.Slice(LengthBytes, (int)length), content[(LengthBytes + (int)length)..]);
    }
}
