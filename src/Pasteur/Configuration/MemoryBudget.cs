namespace Pasteur.Configuration;

/// <summary>How many bytes of what comes in may be in memory at once, over all connections.</summary>
internal sealed class MemoryBudget(long maxBytes)
{
    private long _taken;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= maxBytes) return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Give(int bytes) => Interlocked.Add(ref _taken, -bytes);
}
