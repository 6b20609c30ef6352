using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>What an authority offers, and where (RFC 8555, section 7.1.1; RFC 9773, section 4; profiles).</summary>
/// <param name="RenewalInfo">Null when it gives no advice when to renew.</param>
internal sealed record AcmeDirectory(Uri NewNonce, Uri NewAccount, Uri NewOrder, Uri? RevokeCertificate, Uri? KeyChange, Uri? RenewalInfo)
{
    /// <summary>Null when there are none to agree to.</summary>
    public string? TermsOfService { get; init; }

    public bool RequiresExternalAccount { get; init; }

    /// <summary>Kinds of certificates that it makes, by name; empty when it knows none.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    public static AcmeDirectory Of(JsonElement document)
    {
        var meta = document.TryGetProperty("meta", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new AcmeDirectory(
            document.RequiredUrl("newNonce"), document.RequiredUrl("newAccount"), document.RequiredUrl("newOrder"),
            document.Url("revokeCert"), document.Url("keyChange"), document.Url("renewalInfo"))
        {
            TermsOfService = meta.ValueKind == JsonValueKind.Object ? meta.Text("termsOfService") : null,
            RequiresExternalAccount = meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty("externalAccountRequired", out var required) && required.ValueKind == JsonValueKind.True,
            Profiles = meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty("profiles", out var profiles) && profiles.ValueKind == JsonValueKind.Object
                ? [.. profiles.EnumerateObject().Select(p => p.Name)]
                : [],
        };
    }
}
