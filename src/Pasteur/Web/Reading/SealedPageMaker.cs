using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>Says what stands on the page of a paste that only its readers' browsers can open: what is known of it without the key.</summary>
internal static class SealedPageMaker
{
    public static bool IsSealed(Paste paste) => paste.EnvelopeVersion is not null || paste.IsLegacyCiphertext;

    public static SealedPageModel Make(SiteContext site, Paste paste, in AnswerKey key) => new(site.Frame)
    {
        Form = paste.IsLegacyCiphertext ? "legacy" : "envelope",
        Raw = site.Links.Raw(paste.Code),
        Summary = $"{ByteCount.Text(paste.Size)}, encrypted",
        Language = Languages.Find(key.Part)?.Id,
        Author = paste.Author,
        Created = paste.Created?.ToUniversalTime(),
        Comment = paste.Comment,
        Languages = FormPageMaker.LanguageOptions,
        MaxShownBytes = Limits.MaxShownBytes,
        MaxNumberedLines = Limits.MaxNumberedLines,
    };
}
