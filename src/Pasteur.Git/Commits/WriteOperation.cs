namespace Pasteur.Git.Commits;

/// <summary>Something that the one writer does. Runs on the writer's thread; answered when its batch is durable.</summary>
internal abstract class WriteOperation
{
    /// <summary>A path that it will change, and on which branch; null when there is none, or it is not known yet.</summary>
    public virtual (string Ref, byte[] Path)? Aim => null;

    /// <summary>Adds to the batch.</summary>
    public abstract void Apply(Batch batch);

    /// <summary>The batch is durable and visible.</summary>
    public abstract void Complete(long sequence);

    /// <summary>Nothing of this operation was stored.</summary>
    public abstract void Fail(string reason);

    /// <summary>Nor this time: it needs something that is on the remote alone, and whoever waits for this one may have that brought.</summary>
    public virtual void Lack(MissingObjectException missing) => Fail(missing.Message);
}

/// <summary>An operation with a result to wait for.</summary>
internal abstract class WriteOperation<TOutcome> : WriteOperation
{
    private readonly TaskCompletionSource<TOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TOutcome> Completion => _completion.Task;

    public override void Lack(MissingObjectException missing) => _completion.TrySetException(missing);

    protected void Answer(TOutcome outcome) => _completion.TrySetResult(outcome);
}
