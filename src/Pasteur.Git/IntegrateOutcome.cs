using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>What became of a remote's tip that was brought in.</summary>
public abstract record IntegrateOutcome
{
    private IntegrateOutcome() { }

    /// <summary>Ours already holds it.</summary>
    public sealed record UpToDate : IntegrateOutcome;

    /// <summary>Nothing of ours was waiting: our branch is the remote's now.</summary>
    public sealed record FastForwarded(ObjectId Tip) : IntegrateOutcome;

    /// <summary>Our commits stand on top of the remote's.</summary>
    /// <param name="Commits">How many.</param>
    /// <param name="Conflicts">Paths that both sides made or changed differently: the remote's is kept there; what one of them has deleted is gone.</param>
    public sealed record Replayed(ObjectId Tip, int Commits, IReadOnlyList<string> Conflicts) : IntegrateOutcome;

    /// <summary>The remote's history was rewound or rewritten and the policy says to stop. Nothing was changed.</summary>
    public sealed record Rewound(ObjectId LastSeen, ObjectId RemoteTip) : IntegrateOutcome;

    /// <summary>The store takes no writes, or the remote's objects are not what they must be.</summary>
    public sealed record Unavailable(string Reason) : IntegrateOutcome;
}
