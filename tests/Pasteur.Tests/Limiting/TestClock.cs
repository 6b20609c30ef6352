namespace Pasteur.Tests.Limiting;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => new(new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(_ticks));

    public void Advance(TimeSpan time) => _ticks += time.Ticks;
}
