using Pasteur.Limiting;
using Pasteur.Pastes;

namespace Pasteur.Termbin;

/// <summary>What a conversation over bare TCP needs of the site.</summary>
/// <param name="Store">Keeps a paste and counts it.</param>
/// <param name="SitePort">Where its pages are.</param>
/// <param name="TlsOrigin">The site as browsers name it, such as https://paste.example.org; null when it speaks plain HTTP and has no name.</param>
internal sealed record TermbinSite(Func<NewPaste, CancellationToken, ValueTask<CreateOutcome>> Store, ClientLimits Clients, int MaxPasteBytes, int SitePort, string BasePath, string? TlsOrigin = null, bool IsReadOnly = false)
{
    /// <summary>Whose network may only read.</summary>
    public Func<System.Net.IPAddress?, bool> IsBanned { get; init; } = static _ => false;
}
