namespace Pasteur.Configuration;

/// <summary>Every bound of the program, in one place. Those of the Git engine are in Pasteur.Git's GitLimits.</summary>
internal static class Limits
{
    // Settings
    public const int ShortestIdLength = 3;
    public const int LongestIdLength = 32;

    /// <summary>Below this, two servers of one remote may draw the same id before they know of each other.</summary>
    public const int ShortestIdLengthForLocalAck = 8;

    public const int SmallestMaxPasteBytes = 1024;
    public const int LargestMaxPasteBytes = 64 * 1024 * 1024;
    public const int MaxTitleLength = 100;
    public const int MaxBasePathLength = 100;
    public const int MaxBranchLength = 200;
    public static readonly TimeSpan ShortestPullEvery = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestPullEvery = TimeSpan.FromDays(1);

    // Connections. A client that is slow or silent costs a socket, never a thread, and not for long.
    public const int MaxConnections = 10_000;
    public const int MaxRequestHeadersTotalBytes = 16 * 1024;
    public const int MaxRequestHeaderCount = 64;
    public const int MaxRequestLineBytes = 4 * 1024;
    public const int MinBodyBytesPerSecond = 240;
    public static readonly TimeSpan MinBodyRateGrace = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(75);

    // Leaving. What was accepted is finished within these, in this order.
    public static readonly TimeSpan RequestDrainTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan PushDrainTimeout = TimeSpan.FromSeconds(10);

    /// <summary>No request needs more: percent-encoding triples a paste at worst, and the other fields are short.</summary>
    public static long MaxRequestBodyBytes(int maxPasteBytes) => (3L * maxPasteBytes) + (64 * 1024);
}
