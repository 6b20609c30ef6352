namespace Pasteur.Tests.Protocol;

/// <summary>A head, then the same bytes without end.</summary>
internal sealed class RepeatingStream(byte[] head, byte[] repeated) : Stream
{
    private byte[] _current = head;
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position == _current.Length) (_current, _position) = (repeated, 0);
        var read = Math.Min(count, _current.Length - _position);
        _current.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
        _position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
