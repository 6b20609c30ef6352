using Pasteur.Git;

namespace Pasteur.Sync;

/// <summary>
/// Those who wait for the remote's word on a commit. A commit is known by the <see cref="Snapshot.Sequence"/> from which on every
/// snapshot holds it: that stays true when a replay gives the commit another id.
/// </summary>
internal sealed class AckQueue(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource<RemoteAck>, long> _waiting = new();
    private long _landed = -1;

    /// <summary>Null when <paramref name="atMost"/> went by without an answer.</summary>
    public async ValueTask<RemoteAck?> WaitAsync(long sequence, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var waiter = Enqueue(sequence);
        if (waiter is null)
            return new RemoteAck.Landed();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAny(waiter.Task, Task.Delay(atMost, time, done.Token));
            cancellationToken.ThrowIfCancellationRequested();
            return waiter.Task.IsCompleted ? await waiter.Task : null;
        }
        finally
        {
            await done.CancelAsync();
            Leave(waiter);
        }
    }

    /// <summary>The remote has all that a snapshot with this sequence holds.</summary>
    public void Land(long sequence)
    {
        lock (_lock)
            _landed = Math.Max(_landed, sequence);
        Answer(sequence, new RemoteAck.Landed());
    }

    /// <summary>The remote refuses what a snapshot with this sequence holds.</summary>
    public void Reject(long sequence, string words) => Answer(sequence, new RemoteAck.Rejected(words));

    /// <summary>Nobody will learn more: the program ends.</summary>
    public void GiveUp(string reason) => Answer(long.MaxValue, new RemoteAck.Unknown(reason));

    private TaskCompletionSource<RemoteAck>? Enqueue(long sequence)
    {
        lock (_lock)
        {
            if (sequence <= _landed)
                return null;
            var waiter = new TaskCompletionSource<RemoteAck>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter, sequence);
            return waiter;
        }
    }

    private void Leave(TaskCompletionSource<RemoteAck> waiter)
    {
        if (waiter.Task.IsCompleted)
            return;
        lock (_lock)
            _waiting.Remove(waiter, out _, out _);
    }

    private void Answer(long upTo, RemoteAck answer)
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out _, out var sequence) && sequence <= upTo)
                _waiting.Dequeue().SetResult(answer);
        }
    }
}
