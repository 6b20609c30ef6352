namespace Pasteur.Git.Commits;

/// <summary>Something that must run between two batches, on the writer's thread.</summary>
internal sealed class WriterCall(Action call) : WriteOperation<bool>
{
    /// <summary>Stands in a batch for an operation that has been answered already.</summary>
    public static WriterCall Answered { get; } = new(static () => { });

    public override void Apply(Batch batch)
    {
        // Nothing for the batch: the call comes when it is durable.
    }

    public override void Complete(long sequence)
    {
        call();
        Answer(true);
    }

    public override void Fail(string reason)
    {
        call();
        Answer(true);
    }
}
