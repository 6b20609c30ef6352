using Pasteur.Tls;

namespace Pasteur.Tests.Tls;

/// <summary>Months of renewals under a clock that is set by hand.</summary>
public sealed class RenewalScheduleTests
{
    private static readonly TimeSpan s_ninetyDays = TimeSpan.FromDays(90);

    private readonly Clock _clock = new();
    private readonly RenewalSchedule _schedule;

    public RenewalScheduleTests() => _schedule = new RenewalSchedule(_clock, new Random(1));

    [Fact]
    public void Without_a_certificate_one_is_wanted_at_once() => Assert.IsType<RenewalStep.Renew>(_schedule.Next());

    [Fact]
    public void Year_of_ninety_days_certificates_is_renewed_at_two_thirds_a_little_before()
    {
        for (var renewal = 0; renewal < 6; renewal++)
        {
            var from = _clock.GetUtcNow();
            _schedule.Begin(from, from + s_ninetyDays, isNew: false);
            _schedule.AdviseNothing();
            var age = RunUntilRenewal() - from;
            Assert.InRange(age / s_ninetyDays, (2.0 / 3) - 0.021, 2.0 / 3);
        }
    }

    [Fact]
    public void Authority_is_asked_at_its_own_pace_and_the_renewal_is_within_its_window()
    {
        var from = _clock.GetUtcNow();
        _schedule.Begin(from, from + s_ninetyDays, isNew: false);
        var (start, end, asked) = (from.AddDays(20), from.AddDays(22), 0);
        while (true)
        {
            var step = _schedule.Next();
            if (step is RenewalStep.Renew) break;
            if (step is RenewalStep.Wait wait) _clock.Pass(wait.Time);
            else
            {
                _schedule.Advise(start, end, TimeSpan.FromHours(6));
                asked++;
            }
        }

        Assert.InRange(_clock.GetUtcNow(), start, end);
        Assert.InRange(asked, 4 * 20, (4 * 22) + 1);
    }

    [Fact]
    public void Window_that_moves_to_the_past_renews_at_once()
    {
        var from = _clock.GetUtcNow();
        _schedule.Begin(from, from + s_ninetyDays, isNew: false);
        _schedule.Advise(from.AddDays(60), from.AddDays(62), null);
        Assert.IsType<RenewalStep.Wait>(_schedule.Next());

        _schedule.Advise(from.AddDays(-2), from.AddDays(-1), null);

        Assert.IsType<RenewalStep.Renew>(_schedule.Next());
    }

    [Fact]
    public void Authority_that_wants_every_new_certificate_renewed_does_not_get_an_order_a_second()
    {
        var orders = 0;
        var from = _clock.GetUtcNow();
        while (_clock.GetUtcNow() < from.AddDays(30) && orders < 100)
        {
            switch (_schedule.Next())
            {
                case RenewalStep.Renew:
                    orders++;
                    _schedule.Begin(_clock.GetUtcNow(), _clock.GetUtcNow() + s_ninetyDays, isNew: true);
                    break;
                case RenewalStep.Wait wait:
                    _clock.Pass(wait.Time);
                    break;
                default:
                    _schedule.Advise(from.AddDays(-2), from.AddDays(-1), null);
                    break;
            }
        }

        Assert.InRange(orders, 30, 61);
    }

    [Fact]
    public void Same_window_told_again_draws_no_other_moment()
    {
        var from = _clock.GetUtcNow();
        _schedule.Begin(from, from + s_ninetyDays, isNew: false);
        _schedule.Advise(from.AddDays(60), from.AddDays(62), null);
        var due = _schedule.Due;

        for (var i = 0; i < 10; i++) _schedule.Advise(from.AddDays(60), from.AddDays(62), null);

        Assert.Equal(due, _schedule.Due);
    }

    [Fact]
    public void Window_after_expiry_is_not_waited_for()
    {
        var from = _clock.GetUtcNow();
        _schedule.Begin(from, from + s_ninetyDays, isNew: false);
        _schedule.Advise(from.AddDays(100), from.AddDays(110), null);

        Assert.Equal(from + (s_ninetyDays * 0.9), _schedule.Due);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_000_000)]
    public void Pace_of_asking_has_bounds(int seconds)
    {
        var from = _clock.GetUtcNow();
        _schedule.Begin(from, from + s_ninetyDays, isNew: false);
        _schedule.Advise(from.AddDays(60), from.AddDays(62), TimeSpan.FromSeconds(seconds));

        Assert.InRange(Assert.IsType<RenewalStep.Wait>(_schedule.Next()).Time, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
    }

    [Theory]
    [InlineData("Unreachable", 90, 24 * 8, 24 * 4 * 30)]
    [InlineData("Refused", 90, 24 * 4, 24 * 8)]
    [InlineData("Refused", 6, 8, 40)]
    public void Authority_that_fails_for_the_last_third_is_asked_often_enough_and_not_too_often(string failure, int days, int least, int most)
    {
        var from = _clock.GetUtcNow();
        var end = from.AddDays(days);
        _schedule.Begin(from, end, isNew: false);
        _schedule.AdviseNothing();
        RunUntilRenewal();
        var attempts = new List<DateTimeOffset>();
        while (_clock.GetUtcNow() < end)
        {
            attempts.Add(_clock.GetUtcNow());
            _schedule.Fail(Enum.Parse<RenewalFailure>(failure), null);
            RunUntilRenewal();
        }

        Assert.InRange(attempts.Count, least, most);
        if (failure == "Refused")
            Assert.InRange(attempts.Count(a => a < attempts[0].AddHours(1)), 1, 6);
    }

    [Fact]
    public void Wish_to_be_left_alone_is_granted_up_to_a_day()
    {
        _schedule.Fail(RenewalFailure.Refused, TimeSpan.FromHours(3));
        Assert.Equal(TimeSpan.FromHours(3), Assert.IsType<RenewalStep.Wait>(_schedule.Next()).Time);

        _schedule.Fail(RenewalFailure.Refused, TimeSpan.FromDays(30));
        Assert.Equal(TimeSpan.FromDays(1), Assert.IsType<RenewalStep.Wait>(_schedule.Next()).Time);
    }

    [Fact]
    public void Success_forgets_failures()
    {
        for (var i = 0; i < 10; i++) _schedule.Fail(RenewalFailure.Refused, null);
        var now = _clock.GetUtcNow();
        _schedule.Begin(now.AddDays(-80), now.AddDays(10), isNew: false);

        Assert.Equal(0, _schedule.Failures);
        Assert.IsType<RenewalStep.Renew>(_schedule.Next());
    }

    [Fact]
    public void Clock_that_jumps_ahead_renews_and_one_that_is_put_right_does_not_wait_for_the_jump()
    {
        var from = _clock.GetUtcNow();
        _schedule.Begin(from, from + s_ninetyDays, isNew: false);
        _schedule.AdviseNothing();
        Assert.IsType<RenewalStep.Wait>(_schedule.Next());

        _clock.Jump(TimeSpan.FromDays(400));
        Assert.IsType<RenewalStep.Renew>(_schedule.Next());
        // The authority's own certificate looks expired then.
        _schedule.Fail(RenewalFailure.Unreachable, null);

        _clock.Jump(TimeSpan.FromDays(-400 + 70));
        Assert.True(Assert.IsType<RenewalStep.Wait>(_schedule.Next()).Time < TimeSpan.FromMinutes(1));
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.IsType<RenewalStep.Renew>(_schedule.Next());
    }

    private DateTimeOffset RunUntilRenewal()
    {
        for (var steps = 0; steps < 10_000; steps++)
        {
            switch (_schedule.Next())
            {
                case RenewalStep.Renew:
                    return _clock.GetUtcNow();
                case RenewalStep.Wait wait:
                    Assert.True(wait.Time > TimeSpan.Zero);
                    _clock.Pass(wait.Time);
                    break;
                default:
                    _schedule.AdviseNothing();
                    break;
            }
        }
        Assert.Fail("it never renews");
        return default;
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time)
        {
            _wall += time;
            _ticks += time.Ticks;
        }

        /// <summary>Somebody sets the wall clock.</summary>
        public void Jump(TimeSpan time) => _wall += time;
    }
}
