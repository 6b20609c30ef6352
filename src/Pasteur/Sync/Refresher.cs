using Pasteur.Configuration;

namespace Pasteur.Sync;

/// <summary>
/// Fetches for readers of unknown ids. All who ask before a fetch begins share it, and fetches begin no more often than
/// <see cref="Limits.RefreshEvery"/>: whoever makes up ids costs the remote no more than that.
/// </summary>
internal sealed class Refresher(Puller puller, TimeProvider time, CancellationToken stop)
{
    private readonly Lock _lock = new();
    private Task? _next;
    private DateTimeOffset _notBefore;
    private int _waiting;

    /// <summary>Returns when a fetch that began after this call has ended, or waiting for it is not worth it.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        if (Join() is not { } fetch)
            return;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAny(fetch, Task.Delay(Limits.RefreshWait, time, done.Token));
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
            if (_waiting >= Limits.MaxRefreshWaiters || _notBefore - time.GetUtcNow() > Limits.RefreshWait)
                return null;
            Interlocked.Increment(ref _waiting);
            return _next ??= FetchWhenDueAsync();
        }
    }

    private async Task FetchWhenDueAsync()
    {
        // Off the lock of whoever asked first.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_notBefore - time.GetUtcNow() is var pause && pause > TimeSpan.Zero)
            await Task.Delay(pause, time, stop);
        lock (_lock)
        {
            _next = null;
            _notBefore = time.GetUtcNow() + Limits.RefreshEvery;
        }
        if (await puller.FetchAsync(stop))
            return;
        lock (_lock)
            _notBefore = time.GetUtcNow() + (puller.Pause > Limits.RefreshEvery ? puller.Pause : Limits.RefreshEvery);
    }
}
