namespace Pasteur.Git.Protocol;

/// <summary>A conversation over one pair of streams: what is read and written is the connection itself.</summary>
public class DuplexConversation(Stream input, Stream output) : GitConversation
{
    public override Stream Advertisement => input;

    public override bool WaitsForMore => true;

    public override async ValueTask<Stream> RequestAsync(Func<Stream, CancellationToken, ValueTask> writeRequest, CancellationToken ct)
    {
        await writeRequest(output, ct).ConfigureAwait(false);
        return input;
    }

    public override void Abort()
    {
        input.Dispose();
        output.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await input.DisposeAsync().ConfigureAwait(false);
        await output.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
