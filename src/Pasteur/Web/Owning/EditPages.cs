using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Pages;
using Pasteur.Web.Reading;
using Pasteur.Web.Requests;
using Pasteur.Web.Revisions;

namespace Pasteur.Web.Owning;

/// <summary>Says what stands on the page that edits a paste.</summary>
internal sealed class EditPages(SiteContext site)
{
    /// <summary>As the paste is now.</summary>
    public EditPageModel Of(Paste paste, Frame frame)
    {
        var isSealed = SealedPageMaker.IsSealed(paste);
        var left = Limits.MaxShownBytes;
        var texts = isSealed ? [] : paste.Files.Where(file => file.IsText && (left -= file.Content.Length) >= 0).ToList();
        return Empty(paste.Code, frame) with
        {
            Base = paste.Tag,
            Lifetimes = site.Form.LifetimesOf(frame.Words, paste, null, site.Pastes.Time.GetUtcNow()),
            Texts = [.. texts.Select(file => new EditedText(file.Name, TextHtml.ForTextArea(file.Content.Span)))],
            Kept = isSealed ? [] : [.. paste.Files.Except(texts).Select(file => new KeptFile(file.Name, true))],
            Language = paste.Language,
            Author = paste.Author,
            Sealed = isSealed ? site.Links.Raw(paste.Code) : null,
        };
    }

    /// <summary>As somebody has filled it in, after nothing came of it.</summary>
    public EditPageModel Of(string code, PasteForm form, Frame frame) => Empty(code, frame) with
    {
        Base = form.Base,
        Texts = [.. (form.Texts ?? []).Select(file => new EditedText(file.Name ?? ShownNames.Unnamed, TextHtml.ForTextArea(file.Content.Span)))],
        Kept = [.. form.Kept.Select(name => new KeptFile(name, true))],
        Language = form.Language,
        Author = form.Author,
        Comment = form.Comment,
        Lifetimes = site.Form.LifetimesOf(frame.Words, null, form.Expires, site.Pastes.Time.GetUtcNow()),
        Lifetime = form.Expires ?? "",
    };

    /// <summary>The same after an edit of somebody else: saved once more, this one goes on top of that.</summary>
    public EditPageModel Of(Paste current, PasteForm form, Frame frame)
    {
        var mine = (form.Texts ?? []).Select(file => new PasteFile(file.Name ?? ShownNames.Unnamed, "", "", file.Content.ToArray()));
        var kept = current.Files.Where(file => form.Kept.Contains(file.Name));
        return Of(current.Code, form, frame) with
        {
            Base = current.Tag,
            Meanwhile = new PasteComparison(frame.Words, isSideBySide: true).Between(current.Files, [.. mine.Concat(kept).DistinctBy(file => file.Name)]),
        };
    }

    private EditPageModel Empty(string code, Frame frame) => new(frame, code)
    {
        Action = frame.Keep(site.Links.Edit(code)),
        Paste = frame.Keep(site.Links.Paste(code)),
        Deletion = frame.Keep(site.Links.Deletion(code)),
        Languages = FormPageMaker.LanguageOptions,
        IsForgotten = site.Settings.ForgetsDeleted,
        MaxAuthorLength = Limits.MaxAuthorLength,
        MaxCommentLength = Limits.MaxCommentLength,
        MaxBytes = site.Settings.MaxPasteBytes,
    };
}
