namespace Pasteur.Sync;

/// <summary>Which of the remote's branches a commit is for; each kind is pushed by a loop of its own.</summary>
internal enum PushedBranches
{
    /// <summary>The site's own.</summary>
    Own,

    /// <summary>Those of pastes that end.</summary>
    Ending,

    Inboxes,
}

/// <summary>How many commits the remote lacks, over all branches. Each loop counts its own exactly when it looks; what is committed meanwhile is one more.</summary>
internal sealed class Backlog
{
    private readonly Lock _lock = new();
    private readonly int[] _waiting = new int[3];
    private readonly long[] _committed = new long[3];

    public int Commits
    {
        get
        {
            lock (_lock)
                return _waiting.Sum();
        }
    }

    /// <param name="sequence">Of the first snapshot that holds the commit.</param>
    public void Add(PushedBranches branches, long sequence)
    {
        lock (_lock)
        {
            _waiting[(int)branches]++;
            _committed[(int)branches] = Math.Max(_committed[(int)branches], sequence);
        }
    }

    /// <summary>Answers how many of them waited until now.</summary>
    /// <param name="sequence">Of the snapshot that was looked at: of later commits one at least waits.</param>
    public int Set(PushedBranches branches, int commits, long sequence)
    {
        lock (_lock)
        {
            var before = _waiting[(int)branches];
            _waiting[(int)branches] = _committed[(int)branches] > sequence ? Math.Max(1, commits) : commits;
            return before;
        }
    }

    public void Take(PushedBranches branches, int commits)
    {
        lock (_lock)
            _waiting[(int)branches] = Math.Max(0, _waiting[(int)branches] - commits);
    }
}
