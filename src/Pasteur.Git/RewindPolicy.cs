namespace Pasteur.Git;

/// <summary>What to do when the remote's branch no longer descends from what we last saw of it.</summary>
public enum RewindPolicy
{
    /// <summary>Put our commits back on top of what is there now.</summary>
    Replay,

    /// <summary>Take what is there now; ours is kept under refs/pasteur/lost/.</summary>
    Follow,

    /// <summary>Neither push nor pull until the owner has looked.</summary>
    Stop,
}
