using System.Globalization;

namespace Pasteur.Web.Negotiation;

/// <summary>An item of a list in which a client says how much it likes each (RFC 9110 section 12.4.2): <c>gzip;q=0.5</c>.</summary>
internal readonly ref struct WeightedItem(ReadOnlySpan<char> name, double weight)
{
    public ReadOnlySpan<char> Name { get; } = name;

    /// <summary>0, which means "not that", to 1.</summary>
    public double Weight { get; } = weight;

    /// <summary>Takes one item of a comma-separated list with weights, as Accept and Accept-Encoding are.</summary>
    public static WeightedItem Next(ref ReadOnlySpan<char> list)
    {
        var comma = list.IndexOf(',');
        var item = comma < 0 ? list : list[..comma];
        list = comma < 0 ? [] : list[(comma + 1)..];

        var semicolon = item.IndexOf(';');
        if (semicolon < 0) return new WeightedItem(item.Trim(), 1);
        var weight = 1.0;
        foreach (var part in item[(semicolon + 1)..].Split(';'))
        {
            var parameter = item[(semicolon + 1)..][part].Trim();
            if (!parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)) continue;
            weight = double.TryParse(parameter[2..], CultureInfo.InvariantCulture, out var q) && q is >= 0 and <= 1 ? q : 0;
        }
        return new WeightedItem(item[..semicolon].Trim(), weight);
    }
}
