namespace Pasteur.Git.Protocol;

/// <summary>The program at the other end (gitprotocol-pack, "Transports").</summary>
public enum GitService
{
    /// <summary><c>git-upload-pack</c>: we fetch.</summary>
    UploadPack,

    /// <summary><c>git-receive-pack</c>: we push.</summary>
    ReceivePack,
}

/// <summary>
/// One conversation with a Git service, whatever carries it. The server speaks first (its advertisement); then requests
/// and answers alternate. A duplex stream (git://, ssh, a local process) keeps one pair of streams for all of it;
/// stateless HTTP makes each request one POST. Fetch and push are written so that both will do: a request holds all that
/// the server must know. What fails is thrown as an <see cref="IOException"/> whose message can be shown.
/// </summary>
public abstract class GitConversation : IAsyncDisposable
{
    /// <summary>The stream that the advertisement is read from.</summary>
    public abstract Stream Advertisement { get; }

    /// <summary>Whether the server waits for more on this connection and is told, with a flush packet, that there is none.</summary>
    public abstract bool WaitsForMore { get; }

    /// <summary>Sends one request and returns the stream that its answer is read from. The writer flushes what it wrote.</summary>
    /// <exception cref="RequestRefusedException">The server did not take it to the Git service.</exception>
    public abstract ValueTask<Stream> RequestAsync(Func<Stream, CancellationToken, ValueTask> writeRequest, CancellationToken ct);

    /// <summary>What the other end said outside of the protocol (a process on its standard error) before it went away, or null.</summary>
    public virtual ValueTask<string?> ReadLastWordsAsync() => ValueTask.FromResult<string?>(null);

    /// <summary>What may be shown of words of the other end: it, or a hook there, may repeat what it was shown to let us in.</summary>
    public virtual string Conceal(string words) => words;

    /// <summary>Ends the conversation at once: reads and writes that wait fail.</summary>
    public abstract void Abort();

    public abstract ValueTask DisposeAsync();
}
