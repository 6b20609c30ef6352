using System.Globalization;
using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>When the authority would like a certificate to be renewed (RFC 9773, section 4.2).</summary>
/// <param name="Explanation">A page that says why; null for the usual reason.</param>
/// <param name="AskAgain">When to ask again; null when it does not say.</param>
public sealed record RenewalInfo(DateTimeOffset Start, DateTimeOffset End, string? Explanation, TimeSpan? AskAgain)
{
    /// <exception cref="IOException">There is no window, or it ends before it begins.</exception>
    internal static RenewalInfo Of(JsonElement document, TimeSpan? askAgain)
    {
        if (document.TryGetProperty("suggestedWindow", out var window) && window.ValueKind == JsonValueKind.Object
            && Time(window.Text("start")) is { } start && Time(window.Text("end")) is { } end && start < end)
        {
            return new RenewalInfo(start, end, document.Url("explanationURL")?.AbsoluteUri, askAgain);
        }
        throw new IOException("the authority's renewal information has no window that begins before it ends");
    }

    // RFC 3339.
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
