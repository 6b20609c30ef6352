namespace Pasteur.Tls;

/// <summary>What is to be done about the certificate, or when to look again.</summary>
internal abstract record RenewalStep
{
    private RenewalStep()
    {
    }

    /// <summary>Get one now.</summary>
    internal sealed record Renew : RenewalStep;

    /// <summary>Ask the authority when it would like the renewal to be (RFC 9773).</summary>
    internal sealed record AskAdvice : RenewalStep;

    internal sealed record Wait(TimeSpan Time) : RenewalStep;
}

/// <summary>Why an attempt failed: an authority that is away may be asked again soon, one that says no wants to be left alone.</summary>
internal enum RenewalFailure
{
    Unreachable,
    Refused,
}

/// <summary>
/// When a certificate is renewed, without doing it. Due is a moment within the authority's window (RFC 9773), else two thirds of the lifetime,
/// a little earlier by chance, so that not all sites of one start come at once. What is due by the calendar is compared to the wall clock each time:
/// a clock that jumps, or is put right, leads to no wrong wait. Pauses after failures and between questions are of the monotonic clock.
/// </summary>
internal sealed class RenewalSchedule(TimeProvider time, Random random)
{
    private const double UsualPart = 2.0 / 3, JitterPart = 1.0 / 50, LatestPart = 0.9;
    private const int PartsOfLifetime = 24;

    private static readonly TimeSpan s_firstRetryWhenAway = TimeSpan.FromSeconds(2), s_firstRetryWhenRefused = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_longestRetryWhenAway = TimeSpan.FromMinutes(30), s_longestRetryWhenRefused = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_longestWish = TimeSpan.FromDays(1), s_longestRest = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_adviceEvery = TimeSpan.FromHours(6), s_shortestAdvicePause = TimeSpan.FromMinutes(1), s_longestAdvicePause = TimeSpan.FromDays(1);

    // RFC 9773, section 4.3.3: a question that got no answer.
    private static readonly TimeSpan s_adviceRetry = TimeSpan.FromMinutes(10);

    private (DateTimeOffset Start, DateTimeOffset End)? _validity;
    private (DateTimeOffset Start, DateTimeOffset End)? _window;
    private DateTimeOffset _due;
    private Pause _retry;
    private Pause _advice;
    private Pause _rest;

    /// <summary>Attempts that failed since the last that did not.</summary>
    public int Failures { get; private set; }

    /// <summary>When the renewal is due; null when there is nothing to renew.</summary>
    public DateTimeOffset? Due => _validity is null ? null : _due;

    /// <summary>A certificate is served that is as wanted.</summary>
    /// <param name="isNew">
    /// It has just been issued. Should the authority say that even this one was due long ago, it is heeded after a while: otherwise a fault of its
    /// would have us order without end.
    /// </param>
    public void Begin(DateTimeOffset notBefore, DateTimeOffset notAfter, bool isNew)
    {
        (_validity, _window, Failures, _retry, _advice) = ((notBefore, notAfter), null, 0, default, default);
        var lifetime = notAfter - notBefore;
        _rest = isNew ? PauseFor(Shorter(lifetime / PartsOfLifetime, s_longestRest)) : default;
        _due = notBefore + (lifetime * (UsualPart - (JitterPart * random.NextDouble())));
    }

    public RenewalStep Next()
    {
        var untilRetry = Left(_retry);
        if (_validity is null)
            return untilRetry > TimeSpan.Zero ? new RenewalStep.Wait(untilRetry) : new RenewalStep.Renew();
        var untilDue = Longer(_due - time.GetUtcNow(), Longer(untilRetry, Left(_rest)));
        if (untilDue <= TimeSpan.Zero)
            return new RenewalStep.Renew();
        var untilAdvice = Left(_advice);
        return untilAdvice <= TimeSpan.Zero ? new RenewalStep.AskAdvice() : new RenewalStep.Wait(Shorter(untilDue, untilAdvice));
    }

    /// <summary>The authority has a window. Where in it is drawn once, not at each time that the same is told.</summary>
    public void Advise(DateTimeOffset start, DateTimeOffset end, TimeSpan? askAgain)
    {
        _advice = PauseFor(Longer(Shorter(askAgain ?? s_adviceEvery, s_longestAdvicePause), s_shortestAdvicePause));
        if (_validity is not { } validity || _window == (start, end))
            return;
        _window = (start, end);
        // However late the window: a certificate that is about to expire is renewed.
        var (drawn, latest) = (start + ((end - start) * random.NextDouble()), validity.Start + ((validity.End - validity.Start) * LatestPart));
        _due = drawn < latest ? drawn : latest;
    }

    /// <summary>The authority gives none.</summary>
    public void AdviseNothing() => _advice = PauseFor(s_longestAdvicePause);

    /// <summary>It could not be asked; what it said before goes on to hold.</summary>
    public void FailAdvice() => _advice = PauseFor(s_adviceRetry);

    /// <param name="wish">How long the authority wants to be left alone; null when it does not say.</param>
    /// <returns>How long until the next attempt.</returns>
    public TimeSpan Fail(RenewalFailure failure, TimeSpan? wish)
    {
        var (first, longest) = failure == RenewalFailure.Unreachable ? (s_firstRetryWhenAway, s_longestRetryWhenAway) : (s_firstRetryWhenRefused, s_longestRetryWhenRefused);
        // A certificate of a few days has no time for hours; there must be a score of attempts while it is still good.
        if (_validity is { } validity && (validity.End - validity.Start) / PartsOfLifetime is var part && part < longest)
            (first, longest) = (Shorter(first, part), part);
        var doubled = first * Math.Pow(2, Math.Min(Failures, 20));
        Failures++;
        var pause = Shorter(doubled, longest) * (0.5 + (random.NextDouble() / 2));
        _retry = PauseFor(wish is { } asked ? Longer(pause, Shorter(asked, s_longestWish)) : pause);
        return _retry.Length;
    }

    private Pause PauseFor(TimeSpan length) => new(time.GetTimestamp(), length);

    private TimeSpan Left(Pause pause) => pause.Length == TimeSpan.Zero ? TimeSpan.Zero : pause.Length - time.GetElapsedTime(pause.Began);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private readonly record struct Pause(long Began, TimeSpan Length);
}
