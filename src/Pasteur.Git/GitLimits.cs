namespace Pasteur.Git;

/// <summary>Every limit of the engine. What comes from outside is refused beyond them, with a message that names the limit.</summary>
internal static class GitLimits
{
    // Conversations with a remote (Protocol).
    public const int MaxRefNameBytes = 1024;
    public const int MaxCapabilities = 256;
    public const int MaxAdvertisedRefs = 65_536;
    public const int MaxShallowCommits = 65_536;
    public const int MaxHaves = 128;
    public const int MaxRefUpdates = 64;
    public const int MaxReportLines = 4 * MaxRefUpdates;

    /// <summary>One line of what a server says to a person.</summary>
    public const int MaxRemoteMessageBytes = 1024;
    public const int MaxRemoteMessages = 64;

    /// <summary>All progress and messages of one conversation.</summary>
    public const int MaxRemoteMessagesBytes = 16 * 1024 * 1024;

    /// <summary>What may follow a pack's trailer before the packet that ends it.</summary>
    public const int MaxBytesAfterPack = 64 * 1024;

    /// <summary>Packets without data in a row: keep-alives come every few seconds, a flood of them is an attack.</summary>
    public const int MaxEmptyPacketsInARow = 100_000;
}
