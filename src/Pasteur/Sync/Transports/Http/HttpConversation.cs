using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Http;

/// <summary>
/// A conversation in which each request is a POST of its own (gitprotocol-http, "Smart Service git-upload-pack" and "…
/// git-receive-pack"). The server remembers nothing between them.
/// </summary>
internal sealed class HttpConversation : GitConversation
{
    private readonly HttpTarget _target;
    private readonly HttpCalls _calls;
    private readonly CancellationTokenSource _aborted = new();
    private HttpResponseMessage _answer;
    private bool _brokeWhileStreaming;

    /// <param name="discovery">Its body is <paramref name="advertisement"/>.</param>
    public HttpConversation(HttpTarget target, HttpCalls calls, HttpResponseMessage discovery, Stream advertisement)
    {
        _target = target;
        _calls = calls;
        _answer = discovery;
        Advertisement = advertisement;
    }

    public override Stream Advertisement { get; }

    public override bool WaitsForMore => false;

    public override async ValueTask<Stream> RequestAsync(Func<Stream, CancellationToken, ValueTask> writeRequest, CancellationToken ct)
    {
        // The answer before is read; its connection is free for this request.
        _answer.Dispose();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _aborted.Token);
        await using var body = new HttpRequestBody((content, inVersion2) => _calls.PostAsync(_target, content, inVersion2, both.Token));
        _answer = await WriteAsync(body, writeRequest, both.Token) ?? await body.CompleteAsync();
        return await _calls.OpenAsync(_target, _answer, $"application/x-{_target.ServiceName}-result", both.Token);
    }

    public override ValueTask<string?> ReadLastWordsAsync() => ValueTask.FromResult(
        _brokeWhileStreaming ? "a server, or a proxy before it, that takes no request so large may have closed it" : null);

    public override string Conceal(string words) => _calls.Conceal(words);

    public override void Abort()
    {
        _aborted.Cancel();
        _calls.GiveUp();
    }

    public override ValueTask DisposeAsync()
    {
        _answer.Dispose();
        _aborted.Dispose();
        return ValueTask.CompletedTask;
    }

    // Null, or an answer that came before all was written.
    private async Task<HttpResponseMessage?> WriteAsync(HttpRequestBody body, Func<Stream, CancellationToken, ValueTask> writeRequest, CancellationToken cancellationToken)
    {
        try
        {
            await writeRequest(body, cancellationToken);
            return null;
        }
        catch (Exception e)
        {
            if (await body.AbandonAsync(e) is { } early)
                return early;
            _brokeWhileStreaming = body.IsStreamed;
            throw;
        }
    }
}
