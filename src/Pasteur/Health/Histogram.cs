namespace Pasteur.Health;

/// <summary>Counts times by how long they were, for any number of threads.</summary>
internal sealed class Histogram
{
    /// <summary>The upper bounds of all buckets but the last, in seconds.</summary>
    public static readonly double[] Bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private long _ticks;

    public TimeSpan Sum => new(Interlocked.Read(ref _ticks));

    public void Observe(TimeSpan elapsed)
    {
        var bucket = 0;
        while (bucket < Bounds.Length && elapsed.TotalSeconds > Bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Interlocked.Add(ref _ticks, elapsed.Ticks);
    }

    public long CountOf(int bucket) => Interlocked.Read(ref _buckets[bucket]);
}
