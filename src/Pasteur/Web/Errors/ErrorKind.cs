namespace Pasteur.Web.Errors;

/// <summary>Everything that can be wrong with a request or stand in its way.</summary>
internal enum ErrorKind
{
    Malformed,
    Unauthorized,
    CrossSite,
    NotOwner,
    WrongProof,
    ReadOnly,
    Blocked,
    Banned,
    NotFound,
    Gone,
    Burnt,
    Burns,
    MethodNotAllowed,
    Stale,
    TooSlow,
    TooLarge,
    UnsupportedMedia,
    WorkWanted,
    TooMany,
    Withheld,
    Fault,
    Busy,
    Unavailable,
    Undecided,
    Full,
}
