namespace Pasteur.Web.Errors;

/// <summary>What an <see cref="ErrorKind"/> is on the wire: the one table of it.</summary>
/// <param name="Word">What metrics count it under.</param>
/// <param name="Title">A few words for the heading of the page.</param>
/// <param name="Detail">What is said when nothing more particular is known.</param>
/// <param name="RetryAfterSeconds">When trying again makes sense (RFC 9110 section 10.2.3).</param>
internal sealed record ErrorMeaning(int Status, string Word, string Title, string Detail, int? RetryAfterSeconds = null)
{
    public static ErrorMeaning Of(ErrorKind kind) => kind switch
    {
        ErrorKind.Malformed => new(400, "malformed", "Not understood", "The request is not what this site understands."),
        ErrorKind.Unauthorized => new(401, "unauthorized", "Who are you?", "This site asks for a user and a password."),
        ErrorKind.CrossSite => new(403, "cross-site", "From elsewhere", "Another site tried to paste here in your name."),
        ErrorKind.NotFound => new(404, "not-found", "Not found", "There is nothing here. Perhaps the link lost a character."),
        ErrorKind.MethodNotAllowed => new(405, "method", "Not that way", "This address does not take that method."),
        ErrorKind.TooSlow => new(408, "too-slow", "Too slow", "The request did not arrive in time."),
        ErrorKind.TooLarge => new(413, "too-large", "Too large", "That is more than this site takes."),
        ErrorKind.UnsupportedMedia => new(415, "media-type", "Unknown kind of content", "This address takes application/json."),
        ErrorKind.Fault => new(500, "fault", "Our fault", "Something went wrong here. The owner of the site finds it in the log."),
        ErrorKind.Busy => new(503, "busy", "Busy", "Too much at once. Nothing was stored; try again in a moment.", RetryAfterSeconds: 1),
        ErrorKind.Unavailable => new(503, "unavailable", "Not now", "The site takes no pastes at the moment. Nothing was stored.", RetryAfterSeconds: 30),
        ErrorKind.Undecided => new(504, "undecided", "Outcome unknown", "The remote repository has not confirmed the paste. It may or may not be kept."),
    };

    /// <summary>What is said of a paste that the remote did not confirm, with the remote's own word on it.</summary>
    public static string Undecided(string reason) => $"The remote repository has not confirmed the paste ({reason}). It may or may not be kept.";

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
