using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>Says what stands on the page of a paste that only its readers' browsers can open: what is known of it without the key.</summary>
internal static class SealedPageMaker
{
    public static bool IsSealed(Paste paste) => paste.EnvelopeVersion is not null || paste.IsLegacyCiphertext;

    public static SealedPageModel Make(SiteContext site, ShownPaste shown) => new(shown.Frame)
    {
        Form = shown.Paste.IsLegacyCiphertext ? "legacy" : "envelope",
        Raw = site.Links.Raw(shown.Key.Code),
        Edit = shown.Paste.OwnerTokenHash is null || shown.Paste.Newest is not null || site.Settings.IsReadOnly ? null : shown.Frame.To($"/edit/{shown.Paste.Code}"),
        Report = shown.Frame.Keep(site.Links.Report(shown.Paste.Code)),
        New = site.Settings.IsReadOnly ? null : shown.Frame.To("/") + "#from",
        Origin = shown.Paste.Origin is { } origin ? new PasteLinkModel(origin, shown.Frame.Keep(site.Links.Paste(origin))) : null,
        History = HistoryMaker.Make(site, shown.Paste, shown.Frame),
        Summary = shown.Words.Fill("paste.encrypted", ("summary", shown.Words.Size(shown.Paste.Size))),
        Language = Languages.Find(shown.Key.Part)?.Id,
        Author = shown.Paste.Author,
        Created = shown.Paste.Created?.ToUniversalTime(),
        Expires = shown.Paste.Expires,
        Comment = shown.Paste.Comment,
        Languages = FormPageMaker.LanguageOptions,
        MaxShownBytes = Limits.MaxShownBytes,
        MaxNumberedLines = Limits.MaxNumberedLines,
    };
}
