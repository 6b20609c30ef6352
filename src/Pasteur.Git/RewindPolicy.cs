namespace Pasteur.Git;

/// <summary>What to do when a remote's branch no longer holds what it held (<c>--on-rewind</c>). What is taken off ours is kept as <c>refs/pasteur/lost/TIME</c>.</summary>
public enum RewindPolicy
{
    /// <summary>Put all our commits back on top.</summary>
    Replay,

    /// <summary>Take the remote's history; only what was never pushed is put on top. A branch that is gone is made again.</summary>
    Follow,

    /// <summary>Change nothing and wait for the owner.</summary>
    Stop,
}
