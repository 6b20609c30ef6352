using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Pasteur.Health;

/// <summary>
/// Listens to one meter and writes what it measured in the Prometheus text format, version 0.0.4:
/// <code>
/// # HELP name what it is
/// # TYPE name counter|gauge|histogram
/// name{label="value"} number
/// name_bucket{le="0.005"} count …  name_bucket{le="+Inf"} count  name_sum seconds  name_count count
/// </code>
/// An instrument has at most one label, and its values are fixed words of ours, so the text stays small.
/// </summary>
internal sealed class MetricsText : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, Family> _families = new();

    public MetricsText(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, static i => new Family(i)));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((Family)family!).Record(value, tags));
    }

    public void Start() => _listener.Start();

    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            family.Write(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>All that one instrument measured.</summary>
    private sealed class Family(Instrument instrument)
    {
        private readonly bool _isHistogram = instrument is Histogram<double>;
        private readonly bool _isCounter = instrument is Counter<long>;
        private readonly Series _unlabelled = new();
        private readonly ConcurrentDictionary<(string Label, string Value), Series> _labelled = new();

        public string Name => instrument.Name;

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var series = tags is [var tag, ..]
                ? _labelled.GetOrAdd((tag.Key, tag.Value as string ?? ""), static _ => new Series())
                : _unlabelled;
            if (_isHistogram)
                series.Observe(value);
            else if (_isCounter)
                series.Add(value);
            else
                series.Set(value);
        }

        public void Write(StringBuilder text)
        {
            var type = _isHistogram ? "histogram" : Name.EndsWith("_total", StringComparison.Ordinal) ? "counter" : "gauge";
            text.Append("# HELP ").Append(Name).Append(' ').Append(instrument.Description).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(' ').Append(type).Append('\n');
            if (_isHistogram)
                _unlabelled.WriteBuckets(text, Name);
            else if (_labelled.IsEmpty)
                Line(text, Name, _unlabelled.Value);
            foreach (var ((label, value), series) in _labelled.OrderBy(l => l.Key.Value, StringComparer.Ordinal))
                Line(text, $"{Name}{{{label}=\"{value}\"}}", series.Value);
        }
    }

    /// <summary>One line of a family, or the buckets of a histogram.</summary>
    private sealed class Series
    {
        private static readonly double[] s_bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

        private readonly long[] _buckets = new long[s_bounds.Length + 1];
        private double _value;

        public double Value => Volatile.Read(ref _value);

        public void Set(double value) => Volatile.Write(ref _value, value);

        public void Add(double value)
        {
            var seen = Value;
            while (true)
            {
                var before = Interlocked.CompareExchange(ref _value, seen + value, seen);
                if (before.Equals(seen))
                    return;
                seen = before;
            }
        }

        public void Observe(double value)
        {
            var bucket = 0;
            while (bucket < s_bounds.Length && value > s_bounds[bucket])
                bucket++;
            Interlocked.Increment(ref _buckets[bucket]);
            Add(value);
        }

        public void WriteBuckets(StringBuilder text, string name)
        {
            var count = 0L;
            for (var i = 0; i < s_bounds.Length; i++)
            {
                count += Volatile.Read(ref _buckets[i]);
                Line(text, string.Create(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{s_bounds[i]}\"}}"), count);
            }
            count += Volatile.Read(ref _buckets[^1]);
            Line(text, $"{name}_bucket{{le=\"+Inf\"}}", count);
            Line(text, $"{name}_sum", Value);
            Line(text, $"{name}_count", count);
        }
    }

    private static void Line(StringBuilder text, string name, double value) =>
        text.Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
