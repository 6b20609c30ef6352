using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Pasteur.Health;

/// <summary>Counts by a label, whose values are fixed words of ours, for any number of threads.</summary>
internal sealed class LabelledCounter(string label)
{
    private readonly ConcurrentDictionary<string, StrongBox<long>> _counts = new(StringComparer.Ordinal);

    public string Label => label;

    public bool IsEmpty => _counts.IsEmpty;

    public IEnumerable<(string Value, long Count)> Counts =>
        _counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, Interlocked.Read(ref c.Value.Value)));

    public void Count(string value) => Interlocked.Increment(ref _counts.GetOrAdd(value, static _ => new StrongBox<long>()).Value);
}
