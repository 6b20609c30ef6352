using System.Globalization;
using Pasteur.Configuration;

namespace Pasteur.Pastes;

/// <summary>
/// Pastes that end within the same hour, or day when they live long, share branches, which are taken away as a whole at
/// <see cref="End"/>: <c>until/2026-11-27T14Z/7k2m9xq4</c>, <c>until/2026-12-24/7k2m9xq4</c>, the server's name behind. What ends a moment after a full hour stays in
/// the repository for most of another; it is shown to nobody then.
/// </summary>
internal readonly record struct Bucket(DateTimeOffset End, bool IsHour)
{
    public const string Prefix = "until/";

    private const string BurningMark = "burn-";
    private const string HourFormat = "yyyy-MM-dd'T'HH'Z'";
    private const string DayFormat = "yyyy-MM-dd";

    private string Name => End.ToString(IsHour ? HourFormat : DayFormat, CultureInfo.InvariantCulture);

    /// <summary>Where a paste belongs that is made now and ends then.</summary>
    public static Bucket Of(DateTimeOffset expires, DateTimeOffset now)
    {
        var isHour = expires - now <= Limits.LongestHourBucketLife;
        var size = isHour ? TimeSpan.TicksPerHour : TimeSpan.TicksPerDay;
        var ticks = (expires.UtcTicks + size - 1) / size * size;
        return new Bucket(new DateTimeOffset(Math.Min(ticks, DateTimeOffset.MaxValue.UtcTicks / size * size), TimeSpan.Zero), isHour);
    }

    /// <summary>The short name of a server's branch.</summary>
    public string BranchOf(string server) => $"{Prefix}{Name}/{server}";

    /// <summary>The short name of the branch that a paste has for itself which is burnt after reading: it must go before its neighbours do.</summary>
    public string BurningBranchOf(PasteId id) => $"{Prefix}{Name}/{BurningMark}{id}";

    /// <summary>The code of the paste that a branch is for alone; null when it is no such one. No server's name has a hyphen.</summary>
    public static string? BurningCode(string branch) =>
        branch.LastIndexOf('/') is > 0 and var slash && branch.AsSpan(slash + 1).StartsWith(BurningMark) && branch[(slash + 1 + BurningMark.Length)..] is var code && PasteId.TryParse(code, out _) ? code : null;

    /// <summary>By any clock that is right to within <see cref="Limits.ClockTolerance"/>: no server loses what by its own clock still lives.</summary>
    public bool IsPast(DateTimeOffset now) => now - End >= Limits.ClockTolerance;

    /// <summary>So near to its end that another server's clock may have passed it: a branch that is gone from a remote is not made again.</summary>
    public bool IsClosing(DateTimeOffset now) => End - now < Limits.ClockTolerance;

    /// <summary>Reads the name of a branch, short. What somebody else has put below <c>until/</c> is none, and is left alone.</summary>
    public static bool TryParse(string branch, out Bucket bucket)
    {
        bucket = default;
        var rest = branch.AsSpan();
        if (!rest.StartsWith(Prefix)) return false;
        rest = rest[Prefix.Length..];
        var slash = rest.IndexOf('/');
        if (slash < 0 || slash == rest.Length - 1) return false;
        var name = rest[..slash];
        var isHour = name.Length > DayFormat.Length;
        if (!DateTimeOffset.TryParseExact(name, isHour ? HourFormat : DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var end)) return false;
        bucket = new Bucket(end, isHour);
        return true;
    }
}
