namespace Pasteur.Tests.Pastes;

/// <summary>Stands at 10:20:30 on 27 November 2026, so that an hour later is in the bucket of 12 o'clock, until a test moves it.</summary>
internal sealed class EndingClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 27, 10, 20, 30, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
