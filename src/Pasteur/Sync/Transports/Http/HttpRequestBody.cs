using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Sync.Transports.Http;

/// <summary>
/// A request's body while it is written. A small one is kept until it is whole, and sent with its length; from
/// <see cref="Limits.MaxKeptRequestBytes"/> on it is sent as it is made (chunked, RFC 9112 section 7.1).
/// </summary>
internal sealed class HttpRequestBody(Func<HttpContent, bool, Task<HttpResponseMessage>> send) : Stream
{
    private readonly MemoryStream _kept = new();
    private StreamedContent? _content;
    private Stream? _line;
    private Task<HttpResponseMessage>? _answer;

    /// <summary>It became too large to be kept.</summary>
    public bool IsStreamed => _content is not null;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_content is null && _kept.Length + buffer.Length <= Limits.MaxKeptRequestBytes)
        {
            _kept.Write(buffer.Span);
            return;
        }
        if (_content is null)
            await BeginAsync(cancellationToken);
        if (_answer!.IsCompleted)
            throw Early();
        await _line!.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _line?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>All is written: the answer.</summary>
    public Task<HttpResponseMessage> CompleteAsync()
    {
        if (_content is null)
            return send(new ReadOnlyMemoryContent(_kept.GetBuffer().AsMemory(0, (int)_kept.Length)), IsVersion2());
        _content.End();
        return _answer!;
    }

    /// <summary>Writing failed. Null, or the answer that the server gave before it had everything.</summary>
    public async Task<HttpResponseMessage?> AbandonAsync(Exception failure)
    {
        if (_answer is null)
            return null;
        var wasEarly = _answer.IsCompletedSuccessfully;
        _content!.Fail(failure);
        try
        {
            var answer = await _answer;
            if (wasEarly)
                return answer;
            answer.Dispose();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It says no more than the failure does.
        }
        return null;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A request is written asynchronously.");

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException("A request is written asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static IOException Early() => new("the server answered before it had the whole request");

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _content = new StreamedContent();
        _answer = send(_content, IsVersion2());
        if (await Task.WhenAny(_content.Line, _answer).WaitAsync(cancellationToken) == _answer)
        {
            // Its own failure, in its own words, or an early answer.
            await _answer;
            throw Early();
        }
        _line = await _content.Line;
        await _line.WriteAsync(_kept.GetBuffer().AsMemory(0, (int)_kept.Length), cancellationToken);
        _kept.SetLength(0);
    }

    // Its first packet is "command=…" (gitprotocol-v2, "Command Request").
    private bool IsVersion2() => _kept.GetBuffer().AsSpan(0, (int)_kept.Length) is { Length: > 12 } begun && begun[4..].StartsWith("command="u8);

    /// <summary>Hands the connection to who writes, for as long as it takes.</summary>
    private sealed class StreamedContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Line => _line.Task;

        public void End() => _end.TrySetResult();

        public void Fail(Exception failure) => _end.TrySetException(new IOException(failure.Message, failure));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _line.TrySetResult(stream)
                ? _end.Task.WaitAsync(cancellationToken)
                : Task.FromException(new IOException("a request as large as this cannot be sent twice, which a proxy or server asked for"));

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
