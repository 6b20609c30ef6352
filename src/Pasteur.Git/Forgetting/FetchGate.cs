namespace Pasteur.Git.Forgetting;

/// <summary>Counts the fetches that are under way.</summary>
internal sealed class FetchGate
{
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    public IDisposable Enter()
    {
        Interlocked.Increment(ref _count);
        return new Visit(this);
    }

    private sealed class Visit(FetchGate gate) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) Interlocked.Decrement(ref gate._count);
        }
    }
}
