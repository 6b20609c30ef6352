using System.Globalization;

namespace Pasteur.Configuration;

/// <summary>Sizes and durations as people write them: 512KB, 1MiB, 1500ms, 30s, 5m, 1h, 1d.</summary>
internal static class Quantity
{
    private static readonly (string Unit, long Bytes)[] s_sizes =
    [
        ("", 1), ("B", 1),
        ("K", 1L << 10), ("KB", 1000), ("KiB", 1L << 10),
        ("M", 1L << 20), ("MB", 1000 * 1000), ("MiB", 1L << 20),
        ("G", 1L << 30), ("GB", 1000 * 1000 * 1000), ("GiB", 1L << 30),
        ("T", 1L << 40), ("TB", 1000L * 1000 * 1000 * 1000), ("TiB", 1L << 40),
    ];

    private static readonly (string Unit, long Milliseconds)[] s_durations =
        [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    public static Parsed<int> ParseSize(string text, int smallest, int largest)
    {
        var size = ParseSize(text, (long)smallest, largest);
        return size.IsOk ? Parsed.Ok((int)size.Value) : Parsed.Bad<int>(size.Problem);
    }

    public static Parsed<long> ParseSize(string text, long smallest, long largest)
    {
        if (!TrySplit(text, out var number, out var unit))
            return Parsed.Bad<long>("is not a size; write a number with a unit, such as 500KB or 1MiB");
        foreach (var (name, bytes) in s_sizes)
        {
            if (!unit.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var total = (Int128)number * bytes;
            return total >= smallest && total <= largest
                ? Parsed.Ok((long)total)
                : Parsed.Bad<long>($"is out of range; give {FormatSize(smallest)} to {FormatSize(largest)}");
        }
        return Parsed.Bad<long>($"has an unknown unit \"{unit}\"; the units are B, KB, MB, GB, TB (thousands) and KiB, MiB, GiB, TiB (1024)");
    }

    public static Parsed<TimeSpan> ParseDuration(string text, TimeSpan shortest, TimeSpan longest)
    {
        if (!TrySplit(text, out var number, out var unit) || unit.Length == 0)
            return Parsed.Bad<TimeSpan>("is not a duration; write a number with a unit, such as 30s, 5m or 1h");
        foreach (var (name, milliseconds) in s_durations)
        {
            if (!unit.Equals(name, StringComparison.Ordinal))
                continue;
            var total = (Int128)number * milliseconds;
            return total >= (Int128)shortest.TotalMilliseconds && total <= (Int128)longest.TotalMilliseconds
                ? Parsed.Ok(TimeSpan.FromMilliseconds((long)total))
                : Parsed.Bad<TimeSpan>($"is out of range; give {FormatDuration(shortest)} to {FormatDuration(longest)}");
        }
        return Parsed.Bad<TimeSpan>($"has an unknown unit \"{unit}\"; the units are ms, s, m, h and d");
    }

    /// <summary>The largest binary unit that divides it: 1 MiB is "1MiB", 1500 is "1500B".</summary>
    public static string FormatSize(long bytes) => bytes switch
    {
        >= 1L << 40 when bytes % (1L << 40) == 0 => $"{bytes >> 40}TiB",
        >= 1L << 30 when bytes % (1L << 30) == 0 => $"{bytes >> 30}GiB",
        >= 1L << 20 when bytes % (1L << 20) == 0 => $"{bytes >> 20}MiB",
        >= 1L << 10 when bytes % (1L << 10) == 0 => $"{bytes >> 10}KiB",
        _ => $"{bytes}B",
    };

    public static string FormatDuration(TimeSpan time)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        var (unit, size) = s_durations.Last(d => milliseconds % d.Milliseconds == 0 && (milliseconds >= d.Milliseconds || d.Milliseconds == 1));
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / size}{unit}");
    }

    private static bool TrySplit(string text, out long number, out string unit)
    {
        var digits = text.AsSpan().TrimEnd().Length - text.AsSpan().TrimEnd().TrimStart("0123456789").Length;
        unit = text[digits..].Trim();
        // At most 18 digits: the number then fits a long, and the product an Int128.
        return long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out number) && digits <= 18;
    }
}
