namespace Pasteur.Git.Protocol;

/// <summary>
/// Ends a conversation that takes too long: one silence (a read or write without progress) or all of it together.
/// Time that we spend ourselves, between reads and writes, counts toward the whole alone.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _silence;
    private readonly ITimer _whole;
    private readonly TimeSpan _maxSilence;
    private readonly Lock _lock = new();
    private string _awaited = "a connection";
    private string? _verdict;
    private bool _disposed;

    public Watchdog(GitRemoteOptions options, CancellationToken ct)
    {
        _maxSilence = options.MaxSilence;
        _source = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _silence = options.Time.CreateTimer(_ => Expire($"the remote was silent for {options.MaxSilence.TotalSeconds:0.###} s while we waited for {Awaited}"),
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _whole = options.Time.CreateTimer(_ => Expire($"the conversation with the remote took longer than {options.MaxConversation.TotalSeconds:0.###} s"),
            null, options.MaxConversation, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>What the remote is to do next, for people.</summary>
    public string Awaited { get => Volatile.Read(ref _awaited); set => Volatile.Write(ref _awaited, value); }

    /// <summary>Why the conversation was ended, or null when it was not (or was by the caller's own token).</summary>
    public string? Verdict => Volatile.Read(ref _verdict);

    /// <summary>We wait for the remote from now on.</summary>
    public void Wait() => _silence.Change(_maxSilence, Timeout.InfiniteTimeSpan);

    /// <summary>The remote moved, or we gave up: its silence is over.</summary>
    public void Heard() => _silence.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        _silence.Dispose();
        _whole.Dispose();
        _source.Dispose();
    }

    // A timer may fire in the moment that the conversation ends.
    private void Expire(string verdict)
    {
        lock (_lock)
        {
            if (_disposed) return;
            Interlocked.CompareExchange(ref _verdict, verdict, null);
            _source.Cancel();
        }
    }
}
