namespace Pasteur.Git.Protocol;

/// <summary>A conversation under its watchdog, read and written as packets.</summary>
internal sealed class Session : IAsyncDisposable
{
    private const int WriteBufferBytes = 64 * 1024;

    private readonly GitConversation _conversation;
    private readonly Watchdog _watchdog;
    private readonly CancellationTokenRegistration _abort;
    private Stream _answer;

    public Session(GitConversation conversation, Watchdog watchdog)
    {
        _conversation = conversation;
        _watchdog = watchdog;
        watchdog.Awaited = "its refs";
        _abort = watchdog.Token.Register(conversation.Abort);
        _answer = conversation.Advertisement;
        Messages = new RemoteMessages(conversation.Conceal);
        Reader = new PktLineReader(new GuardedStream(_answer, watchdog));
    }

    public CancellationToken Token => _watchdog.Token;

    /// <inheritdoc cref="Watchdog.Awaited"/>
    public string Awaited { set => _watchdog.Awaited = value; }

    public PktLineReader Reader { get; private set; }

    public RemoteMessages Messages { get; }

    public ValueTask RequestAsync(PktLineWriter request) => RequestAsync((stream, ct) => stream.WriteAsync(request.Written, ct));

    /// <exception cref="ConversationException">The connection failed, or the server refused the request in whole. Any other exception is the writer's own.</exception>
    public async ValueTask RequestAsync(Func<Stream, CancellationToken, ValueTask> write)
    {
        Exception? writersOwn = null;
        try
        {
            var answer = await _conversation.RequestAsync(async (stream, ct) =>
            {
                var guarded = new GuardedStream(stream, _watchdog);
                var buffered = new BufferedStream(guarded, WriteBufferBytes);
                try
                {
                    await write(buffered, ct).ConfigureAwait(false);
                    await buffered.FlushAsync(ct).ConfigureAwait(false);
                    // What carries the conversation may wait for the answer before it hands out the stream.
                    _watchdog.Wait();
                }
                catch (Exception e)
                {
                    if (guarded.Fault is { } fault) throw fault;
                    writersOwn = e;
                    throw;
                }
            }, Token).ConfigureAwait(false);
            Follow(answer);
        }
        catch (OperationCanceledException e) when (_watchdog.Verdict is { } verdict)
        {
            throw new ConversationException(ConversationFault.Stalled, verdict, e);
        }
        catch (RequestRefusedException e)
        {
            throw new ConversationException(ConversationFault.Refused, e.Message, e);
        }
        catch (IOException e) when (writersOwn is null && e is not ConversationException)
        {
            throw new ConversationException(ConversationFault.Lost, e.Message, e);
        }
        finally
        {
            _watchdog.Heard();
        }
    }

    /// <summary>Tells a server that waits for another request that there is none. Our answer is complete: whether it hears this no longer matters.</summary>
    public async ValueTask<bool> SayGoodbyeAsync()
    {
        if (!_conversation.WaitsForMore) return false;
        try
        {
            await RequestAsync(new PktLineWriter().Flush()).ConfigureAwait(false);
            return true;
        }
        catch (ConversationException)
        {
            return false;
        }
    }

    /// <summary>Why the conversation ended, with what the other end said beside the protocol.</summary>
    public async ValueTask<string> ExplainAsync(ConversationException fault)
    {
        var words = fault.Fault == ConversationFault.Lost ? await _conversation.ReadLastWordsAsync().ConfigureAwait(false) : null;
        return Conceal(string.IsNullOrEmpty(words) ? fault.Message : $"{fault.Message}: {words}");
    }

    /// <inheritdoc cref="GitConversation.Conceal"/>
    public string Conceal(string words) => _conversation.Conceal(words);

    public async ValueTask DisposeAsync()
    {
        await _abort.DisposeAsync().ConfigureAwait(false);
        await _conversation.DisposeAsync().ConfigureAwait(false);
    }

    // A duplex connection answers on the stream it began with, and the reader may hold the answer's first bytes already.
    private void Follow(Stream answer)
    {
        if (ReferenceEquals(answer, _answer)) return;
        _answer = answer;
        Reader = new PktLineReader(new GuardedStream(answer, _watchdog));
    }
}
