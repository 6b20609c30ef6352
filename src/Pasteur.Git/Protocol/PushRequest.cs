using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>One ref to move. <see cref="ObjectId.Zero"/> as the old id creates it, as the new id deletes it.</summary>
public sealed record RefUpdate(string Name, ObjectId Old, ObjectId New);

/// <summary>Refs to move, together with the objects they need.</summary>
public sealed record PushRequest
{
    public required IReadOnlyList<RefUpdate> Updates { get; init; }

    /// <summary>Writes the pack that the new ids need; called only when every ref was found where its old id says. Null when all are deletions.</summary>
    public Func<Stream, CancellationToken, ValueTask>? WritePack { get; init; }

    /// <summary>False: a ref that is refused does not keep the others.</summary>
    public bool IsAtomic { get; init; } = true;

    /// <summary>Asked what of the server's refs this push makes way for; null: nothing.</summary>
    public Func<IReadOnlyDictionary<string, ObjectId>, string?>? MakesWay { get; init; }

    /// <summary>True: a server that cannot move several refs at once, or none of them, is not asked to.</summary>
    public bool MustBeAtomic { get; init; }

    internal void Validate()
    {
        if (Updates.Count is 0 or > GitLimits.MaxRefUpdates) throw new ArgumentException($"A push moves 1 to {GitLimits.MaxRefUpdates} refs, not {Updates.Count}.");
        if (WritePack is null != Updates.All(update => update.New.IsZero)) throw new ArgumentException("A push has a pack unless all it does is delete.");
    }
}
