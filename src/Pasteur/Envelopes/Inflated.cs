using System.IO.Compression;

namespace Pasteur.Envelopes;

/// <summary>
/// Inflates a whole deflate stream (RFC 1951) within a bound. The platform's own takes half a stream for a short one, and does not say what
/// stood behind its end: so it is fed all bytes but the last, and must ask for that one, and for none after it.
/// </summary>
internal static class Inflated
{
    /// <summary>Null when the bytes are no deflate stream, are cut, go on after its end, or hold more than <paramref name="maxBytes"/>.</summary>
    public static ReadOnlyMemory<byte>? Read(ArraySegment<byte> packed, int maxBytes)
    {
        var source = new Source(packed);
        using var inflater = new DeflateStream(source, CompressionMode.Decompress);
        var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (inflater.Read(buffer) is > 0 and var length)
            {
                if (content.Length + length > maxBytes) return null;
                content.Write(buffer, 0, length);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }
        return source.IsExactlyRead ? content.GetBuffer().AsMemory(0, (int)content.Length) : null;
    }

    private sealed class Source(ArraySegment<byte> bytes) : Stream
    {
        private int _position;
        private bool _wasAskedForMore;

        public bool IsExactlyRead => _position == bytes.Count && !_wasAskedForMore;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var left = bytes.Count - _position;
            if (left == 0) _wasAskedForMore = true;
            var count = Math.Min(buffer.Length, left > 1 ? left - 1 : left);
            bytes.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
