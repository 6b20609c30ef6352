namespace Pasteur.Dns;

/// <summary>Every bound of this assembly, in one place.</summary>
internal static class DnsLimits
{
    // RFC 1035 section 2.3.4
    public const int MaxLabelBytes = 63;
    public const int MaxNameBytes = 255;
    public const int MaxCharacterStringBytes = 255;

    /// <summary>What may go over UDP without an agreement about more (RFC 1035 section 4.2.1).</summary>
    public const int MaxUdpRequestBytes = 512;

    /// <summary>The length before a message on TCP has two bytes (RFC 1035 section 4.2.2).</summary>
    public const int MaxMessageBytes = ushort.MaxValue;

    /// <summary>A request of ours: header, zone, one record and a signature, with four names and one text of the longest.</summary>
    public const int MaxRequestBytes = 2048;

    public const int MaxKeyTextLength = 2048;

    public const int MaxSecretBytes = 512;

    /// <summary>Aliases of aliases of a challenge's name.</summary>
    public const int MaxAliases = 8;

    /// <summary>How many names above a challenge's are asked for the zone.</summary>
    public const int MaxZoneSteps = 16;

    /// <summary>The clocks may differ by so much (RFC 8945 section 10).</summary>
    public static readonly TimeSpan Fudge = TimeSpan.FromSeconds(300);

    /// <summary>A request over UDP is sent once for each, and waited for so long.</summary>
    public static readonly TimeSpan[] UdpWaits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    public static readonly TimeSpan TcpWait = TimeSpan.FromSeconds(5);

    /// <summary>Datagrams that are no answer to our request, before it counts as lost.</summary>
    public const int MaxStrayDatagrams = 64;

    /// <summary>How long a primary may take to show what it accepted.</summary>
    public static readonly TimeSpan VisibleWithin = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    /// <summary>A record that could not be shown is taken back within this.</summary>
    public static readonly TimeSpan TakeBackWithin = TimeSpan.FromSeconds(20);

    /// <summary>A challenge lives for a minute or two; nobody need remember it.</summary>
    public static readonly TimeSpan ChallengeLifetime = TimeSpan.FromSeconds(1);
}
