using Pasteur.Pastes;

namespace Pasteur.Termbin;

/// <summary>What a conversation over bare TCP needs of the site.</summary>
/// <param name="Store">Keeps a paste and counts it.</param>
/// <param name="SitePort">Where its pages are.</param>
internal sealed record TermbinSite(Func<NewPaste, CancellationToken, ValueTask<CreateOutcome>> Store, int MaxPasteBytes, int SitePort, string BasePath);
