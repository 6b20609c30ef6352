using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>An order as the authority sees it (RFC 8555, section 7.1.3).</summary>
/// <param name="Status">"pending", "ready", "processing", "valid" or "invalid".</param>
/// <param name="Certificate">Null until it is valid.</param>
/// <param name="Error">Why it is invalid; null otherwise, and when the authority does not say.</param>
internal sealed record AcmeOrder(string Status, IReadOnlyList<Uri> Authorizations, Uri Finalize, Uri? Certificate, AcmeProblem? Error)
{
    public static AcmeOrder Of(JsonElement document) => new(
        document.Text("status") ?? "",
        document.RequiredUrls("authorizations"),
        document.RequiredUrl("finalize"),
        document.Url("certificate"),
        document.TryGetProperty("error", out var error) ? AcmeProblem.Of(error, 0) : null);
}
