namespace Pasteur.Sync;

/// <summary>Pauses that double from one failure to the next, up to a longest, and are never the same on two servers.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private TimeSpan _step;

    public int Failures { get; private set; }

    /// <summary>A pause of half to all of the step that is due.</summary>
    public TimeSpan Next()
    {
        _step = Failures++ == 0 ? first : _step * 2 < longest ? _step * 2 : longest;
        return _step * (0.5 + (random.NextDouble() / 2));
    }

    public void Reset() => Failures = 0;
}
