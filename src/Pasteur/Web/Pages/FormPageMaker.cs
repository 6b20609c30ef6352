using Pasteur.Configuration;
using Pasteur.Pastes;

namespace Pasteur.Web.Pages;

/// <summary>Says what stands on the page with the form.</summary>
internal sealed class FormPageMaker(Frames frames, int maxPasteBytes, bool isReadOnly)
{
    public static readonly LanguageOption[] LanguageOptions = [.. Languages.All.Select(language => new LanguageOption(
        language.Id, language.Label, language.Extension, string.Join(' ', language.Aliases.Prepend(language.Extension)), language.IsHighlighted))];

    public FormPageModel Make(HttpContext context, FormDraft draft, FormRefusal? refusal = null)
    {
        var frame = frames.Of(context.Request);
        return new FormPageModel(frame, Links.Absolute(context, frame.BasePath + "/"))
        {
            MaxBytes = maxPasteBytes,
            IsReadOnly = isReadOnly,
            MaxSize = frame.Words.Size(maxPasteBytes),
            MaxAuthorLength = Limits.MaxAuthorLength,
            MaxCommentLength = Limits.MaxCommentLength,
            Languages = LanguageOptions,
            Draft = draft,
            Refusal = refusal,
        };
    }
}
