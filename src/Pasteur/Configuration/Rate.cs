using System.Globalization;

namespace Pasteur.Configuration;

/// <summary>So much at once, and then so much again in that time.</summary>
internal sealed record Rate(long Count, TimeSpan Per)
{
    private const string Off = "0";

    /// <summary>300/5m; 0 is no limit, and null.</summary>
    public static Parsed<Rate?> Parse(string text) => Parse(text, isSize: false);

    /// <summary>1GiB/1h; 0 is no limit, and null.</summary>
    public static Parsed<Rate?> ParseSize(string text) => Parse(text, isSize: true);

    private static Parsed<Rate?> Parse(string text, bool isSize)
    {
        if (text == Off) return Parsed.Ok<Rate?>(null);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return Parsed.Bad<Rate?>($"is not a rate; write {(isSize ? "1GiB/1h" : "300/5m")}, or 0 for no limit");
        var per = Quantity.ParseDuration(text[(slash + 1)..], Limits.ShortestRateTime, Limits.LongestRateTime);
        if (!per.IsOk) return Parsed.Bad<Rate?>($"has a time behind / that {per.Problem}");
        if (isSize)
        {
            var size = Quantity.ParseSize(text[..slash], 1, Limits.LargestRateBytes);
            return size.IsOk ? Parsed.Ok<Rate?>(new Rate(size.Value, per.Value)) : Parsed.Bad<Rate?>($"has a size before / that {size.Problem}");
        }
        return int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= Limits.LargestRateCount
            ? Parsed.Ok<Rate?>(new Rate(count, per.Value))
            : Parsed.Bad<Rate?>($"has no number from 1 to {Limits.LargestRateCount} before /");
    }
}

/// <summary>What one client's network may do; null is no limit.</summary>
/// <param name="writes">Pastes, edits, deletions, reports.</param>
/// <param name="misses">Ids that there are not, wrong tokens and passwords.</param>
/// <param name="bytes">Of what is sent to be kept.</param>
internal sealed class RateSettings(Rate? writes, Rate? misses, Rate? bytes)
{
    public static readonly RateSettings None = new(null, null, null);

    public Rate? Writes => writes;

    public Rate? Misses => misses;

    public Rate? Bytes => bytes;
}
