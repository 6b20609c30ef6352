namespace Pasteur.Git.Commits;

/// <summary>Bounded queue between the requests and the writer's thread; the writer takes all that waits, up to a batch.</summary>
internal sealed class WriterQueue(int capacity, int batch) : IDisposable
{
    private readonly Queue<WriteOperation> _waiting = new();
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _arrived = new(false);
    private bool _closed;

    public bool IsClosed
    {
        get { lock (_lock) return _closed; }
    }

    public int Count
    {
        get { lock (_lock) return _waiting.Count; }
    }

    /// <summary>False when the queue is full or closed.</summary>
    public bool TryAdd(WriteOperation operation, bool urgent = false)
    {
        lock (_lock)
        {
            if (_closed || (!urgent && _waiting.Count >= capacity)) return false;
            _waiting.Enqueue(operation);
            // Inside the lock: after it, the writer may have ended and the event be gone.
            if (_waiting.Count == 1) _arrived.Set();
        }
        return true;
    }

    /// <summary>Waits for work; false when the queue is closed and empty.</summary>
    public bool Take(List<WriteOperation> operations)
    {
        while (true)
        {
            lock (_lock)
            {
                while (operations.Count < batch && _waiting.TryDequeue(out var operation)) operations.Add(operation);
                if (_waiting.Count > 0) _arrived.Set();
                if (operations.Count > 0) return true;
                if (_closed) return false;
            }
            _arrived.WaitOne();
        }
    }

    public void Dispose() => _arrived.Dispose();

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _arrived.Set();
        }
    }
}
