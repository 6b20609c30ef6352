using Pasteur.Web.Wording;

namespace Pasteur.Web.Errors;

/// <summary>What an <see cref="ErrorKind"/> is on the wire: the one table of it.</summary>
/// <param name="Word">What metrics count it under, and the key of its texts.</param>
/// <param name="RetryAfterSeconds">When trying again makes sense (RFC 9110 section 10.2.3).</param>
internal sealed record ErrorMeaning(int Status, string Word, int? RetryAfterSeconds = null)
{
    public static ErrorMeaning Of(ErrorKind kind) => kind switch
    {
        ErrorKind.Malformed => new(400, "malformed"),
        ErrorKind.Unauthorized => new(401, "unauthorized"),
        ErrorKind.CrossSite => new(403, "cross-site"),
        ErrorKind.NotOwner => new(403, "not-owner"),
        ErrorKind.WrongProof => new(403, "wrong-proof"),
        ErrorKind.ReadOnly => new(403, "read-only"),
        ErrorKind.Blocked => new(403, "blocked"),
        ErrorKind.Banned => new(403, "banned"),
        ErrorKind.NotFound => new(404, "not-found"),
        ErrorKind.Gone => new(410, "gone"),
        ErrorKind.Burnt => new(410, "burnt"),
        ErrorKind.Burns => new(409, "burns"),
        ErrorKind.MethodNotAllowed => new(405, "method"),
        ErrorKind.Stale => new(409, "stale"),
        ErrorKind.TooSlow => new(408, "too-slow"),
        ErrorKind.TooLarge => new(413, "too-large"),
        ErrorKind.UnsupportedMedia => new(415, "media-type"),
        ErrorKind.WorkWanted => new(428, "work-wanted"),
        ErrorKind.TooMany => new(429, "too-many"),
        ErrorKind.Withheld => new(451, "withheld"),
        ErrorKind.Fault => new(500, "fault"),
        ErrorKind.Busy => new(503, "busy", RetryAfterSeconds: 1),
        ErrorKind.Unavailable => new(503, "unavailable", RetryAfterSeconds: 30),
        ErrorKind.Undecided => new(504, "undecided"),
        ErrorKind.Full => new(507, "full"),
    };

    /// <summary>A few words for the heading of the page.</summary>
    public string Title(Words words) => words[$"error.{Word}"];

    /// <summary>What is said when nothing more particular is known.</summary>
    public string Detail(Words words) => words[$"error.{Word}.detail"];

    /// <summary>What is said of a paste that the remote did not confirm, with the remote's own word on it.</summary>
    public static string Undecided(Words words, string reason) => words.Fill("error.undecided.reason", ("reason", reason));

    /// <summary>What is said of a paste that may be on the remote, which can't be asked.</summary>
    public static string Unreachable(Words words, string reason) => words.Fill("error.unavailable.remote", ("reason", reason));

    /// <summary>What is meant by a status that routing or Kestrel chose.</summary>
    public static ErrorKind OfStatus(int status) => status switch
    {
        404 => ErrorKind.NotFound,
        405 => ErrorKind.MethodNotAllowed,
        408 => ErrorKind.TooSlow,
        413 => ErrorKind.TooLarge,
        >= 400 and < 500 => ErrorKind.Malformed,
        _ => ErrorKind.Fault,
    };
}
