namespace Pasteur.Git;

/// <summary>The bounds of this assembly: whatever comes from a disk or a remote is measured against these before it is believed.</summary>
internal static class GitLimits
{
    /// <summary>The largest object that is read into memory, and the largest a remote may send.</summary>
    public const int MaxObjectBytes = 128 * 1024 * 1024;

    /// <summary>The longest delta chain that is followed: the most that <c>git pack-objects --depth</c> can make.</summary>
    public const int MaxDeltaChain = 4095;

    /// <summary>Folders on the way to a file.</summary>
    public const int MaxPathDepth = 128;

    /// <summary>Folders in folders of a tree that somebody else wrote (git's core.maxTreeDepth): going down is recursive.</summary>
    public const int MaxTreeDepth = 2048;

    /// <summary>Bytes of a path in such a tree.</summary>
    public const int MaxPathBytes = 64 * 1024;

    /// <summary>Bytes of one name in a tree (what file systems take).</summary>
    public const int MaxTreeNameBytes = 4096;

    /// <summary>Characters of an author's name or address.</summary>
    public const int MaxPersonChars = 256;

    /// <summary>Characters of a commit's message.</summary>
    public const int MaxMessageChars = 64 * 1024;

    /// <summary>Objects in one pack that a remote sends, by its header.</summary>
    public const int MaxPackObjects = 4 * 1024 * 1024;

    /// <summary>From here on, the memory that was needed to index a remote's pack is given back to the system at once.</summary>
    public const int ManyPackObjects = 64 * 1024;

    /// <summary>Objects in a pack that came of merging: what a merge keeps in memory goes by this (about 20 bytes an object).</summary>
    public const int MaxMergedObjects = 2 * 1024 * 1024;

    /// <summary>Indexes of packs together that may stay mapped for good; beyond, their pages are let go now and then.</summary>
    public const long MappedIndexBytes = 64L << 20;

    /// <summary>The same while a whole history is walked: the indexes of somewhat over a million pastes.</summary>
    public const long WalkedIndexBytes = 256L << 20;

    /// <summary>Deltas in a chain after a merge (what <c>git pack-objects</c> makes by default); the next one is stored whole.</summary>
    public const int MaxMergedDeltaChain = 50;

    /// <summary>Bytes of a pack that a remote sends.</summary>
    public const long MaxIncomingPackBytes = 16L << 30;

    /// <summary>
    /// Bytes that the deltas of a remote's pack may make while it is indexed: this many, and so many for each byte received. A
    /// healthy pack of large folders makes thousands of bytes out of one; a delta bomb makes millions.
    /// </summary>
    public const long MaxExpandedBytes = 64L << 30;
    public const int MaxExpansion = 1024;

    /// <summary>The same of a pack with a few folders and files that were asked for by their ids.</summary>
    public const long MaxPromisedExpandedBytes = 1L << 30;

    /// <summary>Of these, what is kept together: more drives out itself.</summary>
    public const long MaxPromisedTogether = 96L << 20;

    /// <summary>What one commit may find missing, and have brought, before it is given up.</summary>
    public const int MaxMisses = 64;

    /// <summary>Delta bases kept in memory while a pack is indexed; those dropped are made again.</summary>
    public const long MaxBaseCacheBytes = 64L << 20;

    // Conversations with a remote (Protocol).
    public const int MaxCapabilities = 256;
    public const int MaxAdvertisedRefs = 65_536;

    /// <summary>The names of all of them, which are kept until the conversation is over.</summary>
    public const int MaxAdvertisedNameBytes = 16 * 1024 * 1024;
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
