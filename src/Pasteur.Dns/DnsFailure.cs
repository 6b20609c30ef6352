namespace Pasteur.Dns;

/// <summary>Why a record could not be published or removed, by the names that servers and tools use.</summary>
public enum DnsFailure
{
    /// <summary>The server's host can't be reached, or nobody listens there.</summary>
    Unreachable,

    /// <summary>Nothing came within the time.</summary>
    TimedOut,

    /// <summary>What answers there is no DNS server.</summary>
    Malformed,

    /// <summary>The server has no such key, or not with this algorithm (BADKEY).</summary>
    BadKey,

    /// <summary>The server has another secret for the key (BADSIG).</summary>
    BadSignature,

    /// <summary>The clocks differ too much (BADTIME).</summary>
    BadTime,

    /// <summary>The server's policy says no (REFUSED).</summary>
    Refused,

    /// <summary>The server is not the zone's primary (NOTAUTH).</summary>
    NotAuth,

    /// <summary>The name is outside of the zone (NOTZONE).</summary>
    NotZone,

    /// <summary>The server says that it failed (SERVFAIL and the like).</summary>
    ServerFailed,

    /// <summary>The answer is not signed by who has the key.</summary>
    Untrusted,

    /// <summary>The server serves no zone that holds the name.</summary>
    NoZone,

    /// <summary>The name's aliases run in circles, or are too many.</summary>
    TooManyAliases,

    /// <summary>Accepted, but not to be seen.</summary>
    NotVisible,

    /// <summary>No record can have that name or value.</summary>
    BadName,
}
