using System.Globalization;
using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Sync.Transports.Http;

/// <summary>
/// A server's wish to be left alone for a while (Retry-After, RFC 9110 section 10.2.3, with 429 or 503). Until then whoever wants to connect gets the
/// refusal again without the server being asked.
/// </summary>
internal sealed class HttpPause(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _until;
    private string _reason = "";

    public static string Describe(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => string.Create(CultureInfo.InvariantCulture, $" and asks to be left alone for {delta.TotalSeconds:0} s"),
        { Date: { } date } => string.Create(CultureInfo.InvariantCulture, $" and asks to be left alone until {date.UtcDateTime:u}"),
        _ => "; trying again later",
    };

    /// <summary>Notes the wish, if there is one.</summary>
    public void Heed(HttpResponseMessage response, string reason)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || response.Headers.RetryAfter is not { } wish)
            return;
        var now = time.GetUtcNow();
        var wait = wish.Delta ?? wish.Date - now ?? TimeSpan.Zero;
        lock (_lock)
        {
            _until = now + (wait < Limits.LongestRetryAfter ? wait : Limits.LongestRetryAfter);
            _reason = reason;
        }
    }

    /// <exception cref="IOException">It still holds.</exception>
    public void Respect()
    {
        lock (_lock)
        {
            if (time.GetUtcNow() < _until)
                throw new IOException(_reason);
        }
    }
}
