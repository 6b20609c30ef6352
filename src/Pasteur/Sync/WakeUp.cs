namespace Pasteur.Sync;

/// <summary>A loop sleeps here until it is called or its time is over. Calls while it is busy count as one.</summary>
internal sealed class WakeUp(TimeProvider time)
{
    private TaskCompletionSource _called = NewCall();

    public void Call() => Volatile.Read(ref _called).TrySetResult();

    /// <summary>What was called for before this returns is seen by what runs after it.</summary>
    public async Task SleepAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var called = Volatile.Read(ref _called).Task;
        await Task.WhenAny(called, Task.Delay(atMost, time, done.Token));
        await done.CancelAsync();
        if (called.IsCompleted)
            Volatile.Write(ref _called, NewCall());
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewCall() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
