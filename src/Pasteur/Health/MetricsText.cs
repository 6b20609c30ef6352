using System.Globalization;
using System.Text;

namespace Pasteur.Health;

/// <summary>
/// Writes the Prometheus text format, version 0.0.4:
/// <code>
/// # HELP name what it is
/// # TYPE name counter|gauge|histogram
/// name{label="value"} number
/// name_bucket{le="0.005"} count …  name_bucket{le="+Inf"} count  name_sum seconds  name_count count
/// </code>
/// </summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();

    public void Gauge(string name, double value, string help)
    {
        Begin(name, "gauge", help);
        Line(name, value);
    }

    public void Counter(string name, double value, string help)
    {
        Begin(name, "counter", help);
        Line(name, value);
    }

    /// <summary>Before anything was counted it is 0 without a label.</summary>
    public void Counter(string name, LabelledCounter counter, string help)
    {
        Begin(name, "counter", help);
        if (counter.IsEmpty) Line(name, 0);
        foreach (var (value, count) in counter.Counts)
            Line($"{name}{{{counter.Label}=\"{value}\"}}", count);
    }

    public void Histogram(string name, Histogram histogram, string help)
    {
        Begin(name, "histogram", help);
        var count = 0L;
        for (var i = 0; i < Health.Histogram.Bounds.Length; i++)
        {
            count += histogram.CountOf(i);
            Line(string.Create(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{Health.Histogram.Bounds[i]}\"}}"), count);
        }
        count += histogram.CountOf(Health.Histogram.Bounds.Length);
        Line($"{name}_bucket{{le=\"+Inf\"}}", count);
        Line($"{name}_sum", histogram.Sum.TotalSeconds);
        Line($"{name}_count", count);
    }

    public override string ToString() => _text.ToString();

    private void Begin(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private void Line(string name, double value) =>
        _text.Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
