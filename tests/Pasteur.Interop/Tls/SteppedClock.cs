namespace Pasteur.Interop.Tls;

/// <summary>A clock that stands until it is moved: then the timers whose time has come ring. Its wall clock can be set apart from it.</summary>
internal sealed class SteppedClock : TimeProvider
{
    /// <summary>How long a request may take: whoever waits so long for an answer of somebody real is not waiting for this clock.</summary>
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _wall = DateTimeOffset.UtcNow;
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return _ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Somebody sets the wall clock.</summary>
    public void Jump(TimeSpan time)
    {
        lock (_lock) _wall += time;
    }

    /// <summary>Lets time pass until what rings has been done and somebody waits again.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        List<Timer> ringing;
        lock (_lock)
        {
            _wall += time;
            _ticks += time.Ticks;
            ringing = [.. _timers.Where(timer => timer.Due <= _ticks)];
            _timers.RemoveAll(ringing.Contains);
        }
        foreach (var timer in ringing) timer.Ring();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (!IsAwaited()) await Task.Delay(1, patience.Token);
    }

    private bool IsAwaited()
    {
        lock (_lock) return _timers.Count > 0 && _timers.TrueForAll(timer => timer.Length != s_requestTimeout);
    }

    private sealed class Timer(SteppedClock clock, Action ring) : ITimer
    {
        public long Due { get; private set; }

        public TimeSpan Length { get; private set; }

        public Action Ring => ring;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                (Due, Length) = (clock._ticks + dueTime.Ticks, dueTime);
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
