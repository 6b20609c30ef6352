namespace Pasteur.Web.Errors;

/// <summary>Everything that can be wrong with a request or stand in its way.</summary>
internal enum ErrorKind
{
    Malformed,
    Unauthorized,
    CrossSite,
    NotOwner,
    NotFound,
    MethodNotAllowed,
    Stale,
    TooSlow,
    TooLarge,
    UnsupportedMedia,
    Fault,
    Busy,
    Unavailable,
    Undecided,
}
