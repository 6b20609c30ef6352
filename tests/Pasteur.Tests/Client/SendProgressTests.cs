using Pasteur.Client;

namespace Pasteur.Tests.Client;

public sealed class SendProgressTests : IDisposable
{
    private readonly StringWriter _terminal = new();
    private readonly Clock _clock = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void What_takes_less_than_a_second_shows_nothing()
    {
        var progress = new SendProgress(_terminal, _clock, 100);
        progress.Add(50);
        _clock.Now += 999;
        progress.Add(50);
        progress.End();

        Assert.Equal("", _terminal.ToString());
    }

    [Fact]
    public void What_takes_longer_is_one_line_that_does_not_stay()
    {
        var progress = new SendProgress(_terminal, _clock, 4 << 20);
        _clock.Now = 1000;
        progress.Add(1 << 20);
        progress.Add(1 << 20);
        _clock.Now = 1300;
        progress.Add(2 << 20);
        progress.End();

        Assert.Equal($"\rsent 1.0 of 4.0 MiB (25%)\rsent 4.0 of 4.0 MiB (100%)\r{new string(' ', 26)}\r", _terminal.ToString());
    }

    [Fact]
    public void Length_that_nobody_knows_is_not_shown()
    {
        var progress = new SendProgress(_terminal, _clock, null);
        _clock.Now = 1000;
        progress.Add(3 << 19);

        Assert.Equal("\rsent 1.5 MiB", _terminal.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }
}
