using Pasteur.Git;

namespace Pasteur.Tests.Support;

/// <summary>A store on the disk whose upkeep hardly waits: what is to be forgotten is gone from the packs within a second or two.</summary>
internal static class HurriedOptions
{
    public static RepositoryOptions Of(string folder) => new()
    {
        Folder = folder,
        IdleRoll = TimeSpan.FromMilliseconds(50),
        KeepMerged = TimeSpan.Zero,
        PurgeEvery = TimeSpan.FromMilliseconds(200),
    };
}
