using Pasteur.Configuration;

namespace Pasteur.Limiting;

/// <summary>
/// Remembers proofs until their time is over, and no more than so many: when there are more, the oldest are forgotten, and what was asked no later
/// than they were is too late from then on. So none is ever taken twice, and whoever comes too late works once more.
/// </summary>
internal sealed class SpentProofs
{
    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _known = [];
    private readonly Queue<(ulong Proof, long Asked)> _inOrder = new();
    private long _tooLate = -1;

    public int Count
    {
        get
        {
            lock (_lock) return _known.Count;
        }
    }

    public ProofOutcome TrySpend(ulong proof, long asked, long now)
    {
        lock (_lock)
        {
            if (asked <= _tooLate) return ProofOutcome.Late;
            if (!_known.Add(proof)) return ProofOutcome.Spent;
            _inOrder.Enqueue((proof, asked));
            while (_inOrder.TryPeek(out var oldest) && now - oldest.Asked > (long)Limits.ProofLife.TotalMilliseconds) Forget();
            if (_inOrder.Count > Limits.MaxSpentProofs) _tooLate = Math.Max(_tooLate, Forget());
            return ProofOutcome.Accepted;
        }
    }

    private long Forget()
    {
        var (proof, asked) = _inOrder.Dequeue();
        _known.Remove(proof);
        return asked;
    }
}
