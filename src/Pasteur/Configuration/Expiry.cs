using System.Globalization;

namespace Pasteur.Configuration;

/// <summary>
/// When a paste ends, as people and programs say it: <c>never</c>, <c>90s</c>, <c>10m</c>, <c>1h</c>, <c>7d</c>, <c>2w</c>, <c>1y</c>; seconds
/// as a bare number; a time (RFC 3339); and as 0x0.st has it, milliseconds since 1970, or hours where the file came in its field.
/// </summary>
internal abstract record Expiry
{
    // No lifetime in seconds is that long, and no time in milliseconds that small.
    private const long LeastMilliseconds = 100_000_000_000;

    /// <summary>Of a fraction of a second, what a clock here counts.</summary>
    private const int Digits = 7;

    private static readonly (char Unit, long Seconds)[] Units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400), ('w', 604_800), ('y', 31_536_000)];

    private Expiry() { }

    public sealed record Never : Expiry;

    /// <param name="Time">To the second.</param>
    public sealed record At(DateTimeOffset Time) : Expiry;

    public sealed record NotATime : Expiry;

    public sealed record Past : Expiry;

    /// <summary>Later than the site allows, or than a calendar has days.</summary>
    public sealed record TooLate : Expiry;

    /// <param name="numberIsHours">A bare number counts hours.</param>
    public static Expiry Parse(string text, ExpirySettings settings, DateTimeOffset now, bool numberIsHours = false)
    {
        text = text.Trim();
        if (text.Equals("never", StringComparison.OrdinalIgnoreCase)) return settings.Max is null ? new Never() : new TooLate();
        if (Seconds(text, numberIsHours) is { } seconds) return seconds > Limits.LongestLife.TotalSeconds ? new TooLate() : Judge(now, now + TimeSpan.FromSeconds(seconds), settings);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            return milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? new TooLate() : Judge(now, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), settings);
        return TryParseTime(text, out var time) ? Judge(now, time, settings) : new NotATime();
    }

    /// <summary>To the whole second that is not before it.</summary>
    public static DateTimeOffset After(DateTimeOffset now, TimeSpan life) => WholeSecond(now + life);

    private static DateTimeOffset WholeSecond(DateTimeOffset time)
    {
        var ticks = time.UtcTicks + TimeSpan.TicksPerSecond - 1;
        return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }

    private static Expiry Judge(DateTimeOffset now, DateTimeOffset end, ExpirySettings settings)
    {
        if (end <= now) return new Past();
        var longest = settings.Max ?? Limits.LongestLife;
        // A second for the time that a request takes: what a client adds to its own clock is as much as is allowed.
        return end - now > longest + TimeSpan.FromSeconds(1) ? new TooLate() : new At(WholeSecond(end));
    }

    /// <summary>Null when it is no lifetime; greater than any where a calendar ends.</summary>
    private static double? Seconds(string text, bool numberIsHours)
    {
        // Some write months as M.
        var unit = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? text[^1] is 'M' ? 'M' : char.ToLowerInvariant(text[^1]) : '\0';
        var digits = unit == '\0' ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        if (unit == '\0') return number >= LeastMilliseconds ? null : number * (numberIsHours ? 3600.0 : 1.0);
        foreach (var (name, seconds) in Units)
            if (name == unit) return number * (double)seconds;
        return null;
    }

    /// <summary>
    /// RFC 3339 section 5.6: any number of digits in the fraction, small letters, and a blank for T. The plus of an offset is a blank where a form's field was
    /// not encoded.
    /// </summary>
    private static bool TryParseTime(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[10] is not ('T' or 't' or ' ')) return false;
        var rest = text.AsSpan(19);
        var fraction = ReadOnlySpan<char>.Empty;
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits < 1) return false;
            fraction = rest[..(1 + Math.Min(digits, Digits))];
            rest = rest[(1 + digits)..];
        }
        if (rest is not ("Z" or "z" or [' ' or '+' or '-', _, _, ':', _, _])) return false;
        var zone = rest[0] == ' ' ? $"+{rest[1..]}" : rest.ToString().ToUpperInvariant();
        return DateTimeOffset.TryParseExact($"{text.AsSpan(0, 10)}T{text.AsSpan(11, 8)}{fraction}{zone}", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
