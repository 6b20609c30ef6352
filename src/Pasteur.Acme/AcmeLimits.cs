namespace Pasteur.Acme;

/// <summary>The bounds of this assembly: what an authority sends and how long it may take are measured against these.</summary>
internal static class AcmeLimits
{
    /// <summary>The largest answer that is read; a chain of certificates is some ten kilobytes.</summary>
    public const int MaxAnswerBytes = 1024 * 1024;

    public const int MaxJsonDepth = 16;
    public const int MaxUrlLength = 2048;

    /// <summary>RFC 8555, section 8.3 asks for 128 bits of entropy in a token; what is longer than this is no token.</summary>
    public const int MaxTokenLength = 256;

    /// <summary>Of a problem's words, as they are repeated.</summary>
    public const int MaxDetailLength = 500;

    public const int MaxIdentifiers = 100;
    public const int MaxChallengesPerAuthorization = 32;
    public const int MaxCertificatesPerChain = 10;
    public const int MaxAlternateChains = 8;
    public const int MaxKeptNonces = 8;

    /// <summary>An authority that refuses every second nonce refuses so many in a row once in 16 million requests.</summary>
    public const int MaxNonceRetries = 24;

    /// <summary>One request and its answer.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long an authority may take to look at a challenge, or to issue; and how often it is asked meanwhile.</summary>
    public static readonly TimeSpan PollTimeout = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(10);

    /// <summary>For what has been prepared to be taken away again, after all else has ended or was given up.</summary>
    public static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(30);
}
