using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>Why a server would not move a ref, as far as its words tell.</summary>
public enum RejectionKind
{
    /// <summary>The ref is not an ancestor of the new commit: somebody else pushed.</summary>
    NonFastForward,

    /// <summary>The ref moved or was locked while the push was under way.</summary>
    Race,

    /// <summary>A hook of the server's owner declined.</summary>
    Hook,

    /// <summary>The server's configuration forbids it: deletion, hidden refs.</summary>
    Policy,

    /// <summary>The branch is checked out in the remote's work tree (git-config, receive.denyCurrentBranch).</summary>
    CheckedOut,

    /// <summary>The server takes nothing from a history that is not whole.</summary>
    Shallow,

    /// <summary>The server could not store or check the pack: a full disk, a limit, an object that it finds wrong.</summary>
    Unpack,

    Other,
}

/// <summary>How a push ended. Only <see cref="Accepted"/> means that the remote has it.</summary>
public abstract record PushOutcome
{
    /// <summary>Why a push of a deletion is broken off at a server whose capabilities lack it.</summary>
    public const string DeletesNothing = "the remote deletes no refs (delete-refs)";

    /// <summary>Why a push of several refs that belong together is broken off at a server whose capabilities lack it.</summary>
    public const string NotAtomic = "the remote cannot move several refs all or none (atomic)";

    private PushOutcome()
    {
    }

    /// <summary>The server said <c>ok</c> for every ref, or had them all already.</summary>
    public sealed record Accepted(IReadOnlyList<string> Messages) : PushOutcome;

    /// <summary>The server said no, for <paramref name="Reason"/>. The refs in <paramref name="AcceptedRefs"/> did move.</summary>
    /// <param name="Messages">What the server, or its hook, said to people.</param>
    public sealed record Rejected(RejectionKind Kind, string Reason, IReadOnlyList<string> AcceptedRefs, IReadOnlyList<string> Messages) : PushOutcome;

    /// <summary>A ref is not where we believed: nothing was sent. <see cref="ObjectId.Zero"/> when it does not exist.</summary>
    public sealed record RemoteMoved(string Ref, ObjectId Actual) : PushOutcome;

    /// <summary>Nothing was sent, because of a ref (<see cref="PushRequest.MakesWay"/>).</summary>
    public sealed record MadeWay(string Ref) : PushOutcome;

    /// <summary>The push was sent and its answer never came: the refs may have moved, or may yet.</summary>
    public sealed record Undecided(string Reason) : PushOutcome;

    /// <summary>The server refused in its own words, before anything was sent.</summary>
    public sealed record Refused(string Words) : PushOutcome;

    /// <summary>The conversation failed before anything was sent.</summary>
    public sealed record Broken(string Reason) : PushOutcome;
}
