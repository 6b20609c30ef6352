namespace Pasteur.Git;

/// <summary>What an incremental parser says of the bytes it was given.</summary>
internal enum ParseStatus : byte
{
    /// <summary>The item is whole.</summary>
    Complete,

    /// <summary>The item goes on beyond these bytes.</summary>
    Incomplete,

    /// <summary>No further bytes can make it right.</summary>
    Malformed,
}
