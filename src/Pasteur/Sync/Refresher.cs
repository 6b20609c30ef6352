using Pasteur.Configuration;

namespace Pasteur.Sync;

/// <summary>
/// Fetches for readers of unknown ids. All who ask before a fetch begins share it, and fetches begin no more often than
/// <see cref="Limits.RefreshEvery"/>: whoever makes up ids costs the remote no more than that. A fetch that begins for another reason
/// meanwhile serves them as well.
/// </summary>
internal sealed class Refresher
{
    private readonly Puller _puller;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stop;
    private readonly Lock _lock = new();
    private Task? _next;
    private TaskCompletionSource<Task>? _begun;
    private DateTimeOffset _notBefore;
    private int _waiting;

    public Refresher(Puller puller, TimeProvider time, CancellationToken stop)
    {
        (_puller, _time, _stop) = (puller, time, stop);
        puller.Begins += Take;
    }

    /// <summary>Returns when a fetch that began after this call has ended, or waiting for it is not worth it.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        if (Join() is not { } fetch)
            return;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAny(fetch, Task.Delay(Limits.RefreshWait, _time, done.Token));
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            await done.CancelAsync();
            Interlocked.Decrement(ref _waiting);
        }
    }

    // Null: too many wait already, or the remote is away and will not be asked soon.
    private Task? Join()
    {
        lock (_lock)
        {
            if (_waiting >= Limits.MaxRefreshWaiters || _notBefore - _time.GetUtcNow() > Limits.RefreshWait)
                return null;
            Interlocked.Increment(ref _waiting);
            if (_next is null)
            {
                _begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
                _next = FetchWhenDueAsync(_begun.Task, _notBefore - _time.GetUtcNow());
            }
            return _next;
        }
    }

    // A fetch begins: all who have asked so far wait for its end.
    private void Take(Task fetch)
    {
        lock (_lock)
        {
            _begun?.SetResult(fetch);
            (_begun, _next) = (null, null);
        }
    }

    private async Task FetchWhenDueAsync(Task<Task> begun, TimeSpan pause)
    {
        // Off the lock of whoever asked first.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (pause > TimeSpan.Zero && await BeginsWithinAsync(begun, pause))
        {
            await await begun;
            return;
        }
        lock (_lock)
            _notBefore = _time.GetUtcNow() + Limits.RefreshEvery;
        if (await _puller.FetchAsync(_stop))
            return;
        lock (_lock)
            _notBefore = _time.GetUtcNow() + (_puller.Pause > Limits.RefreshEvery ? _puller.Pause : Limits.RefreshEvery);
    }

    private async Task<bool> BeginsWithinAsync(Task begun, TimeSpan pause)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        await Task.WhenAny(begun, Task.Delay(pause, _time, done.Token));
        await done.CancelAsync();
        _stop.ThrowIfCancellationRequested();
        return begun.IsCompleted;
    }
}
