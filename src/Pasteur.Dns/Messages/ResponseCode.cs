namespace Pasteur.Dns.Messages;

/// <summary>What became of a request (RFC 1035 section 4.1.1, RFC 2136 section 2.2), by the names that servers log.</summary>
internal enum ResponseCode
{
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    YxDomain = 6,
    YxRrSet = 7,
    NxRrSet = 8,
    NotAuth = 9,
    NotZone = 10,
}
