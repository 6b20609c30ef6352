namespace Pasteur.Git.Commits;

/// <summary>Something that the one writer does. Runs on the writer's thread; answered when its batch is durable.</summary>
internal abstract class WriteOperation
{
    /// <summary>Adds to the batch.</summary>
    public abstract void Apply(Batch batch);

    /// <summary>The batch is durable and visible.</summary>
    public abstract void Complete(long sequence);

    /// <summary>Nothing of this operation was stored.</summary>
    public abstract void Fail(string reason);
}

/// <summary>An operation with a result to wait for.</summary>
internal abstract class WriteOperation<TOutcome> : WriteOperation
{
    private readonly TaskCompletionSource<TOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TOutcome> Completion => _completion.Task;

    protected void Answer(TOutcome outcome) => _completion.TrySetResult(outcome);
}
