using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>GET /{id} of a paste that burns: asks before it opens. Nothing that anybody wrote is in the answer, so previews and robots learn nothing and burn nothing.</summary>
internal sealed class AskToOpen(SiteContext site)
{
    /// <summary>Also when there is no such paste: then it says so.</summary>
    public async Task AskAsync(HttpContext context, string code)
    {
        var kind = site.Missing(code);
        if (kind != ErrorKind.Burns || await site.Pastes.FindAnyAsync(code, context.RequestAborted).ConfigureAwait(false) is not { Burns: { } burns } paste)
            await site.Errors.AnswerAsync(context, kind).ConfigureAwait(false);
        else if (AcceptHeader.Form(context.Request) == AnswerForm.Page)
            await PageAnswer.WriteUnkeptAsync(context, PageOf(paste, burns, site.Frames.Of(context.Request))).ConfigureAwait(false);
        else
            await site.Errors.AnswerAsync(context, new SiteError(kind) { Detail = words => HowToOpen(words, context, paste, burns) }).ConfigureAwait(false);
    }

    private string HowToOpen(Wording.Words words, HttpContext context, Paste paste, Burning burns) => burns.ProofHash is not null
        ? words["error.burns.sealed"]
        : words.Fill("error.burns.at", ("left", words.Count("burn.left", burns.Left)), ("address", Links.Absolute(context, site.Links.Paste(paste.Code))));

    private RazorSlices.RazorSlice<BurnPageModel> PageOf(Paste paste, Burning burns, Frame frame) => BurnPage.Create(new BurnPageModel(frame)
    {
        Action = frame.Keep(site.Links.Opening(paste.Code)),
        Left = burns.Left,
        IsReadOnly = site.Settings.IsReadOnly,
        IsSealed = SealedPageMaker.IsSealed(paste),
        Code = paste.Code,
        Created = paste.Created?.ToUniversalTime(),
        Expires = paste.Expires,
        Deletion = paste.OwnerTokenHash is null || site.Settings.IsReadOnly ? null : frame.Keep(site.Links.Deletion(paste.Code)),
        Report = frame.Keep(site.Links.Report(paste.Code)),
        Languages = FormPageMaker.LanguageOptions,
        MaxShownBytes = Limits.MaxShownBytes,
        MaxNumberedLines = Limits.MaxNumberedLines,
    });
}
