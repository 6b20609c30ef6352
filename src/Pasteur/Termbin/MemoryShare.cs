namespace Pasteur.Termbin;

/// <summary>How many bytes all conversations together may hold.</summary>
internal sealed class MemoryShare(long maxBytes)
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
