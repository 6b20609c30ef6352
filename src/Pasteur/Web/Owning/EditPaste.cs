using System.Diagnostics;
using Pasteur.Pastes;
using Pasteur.Web.Api;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Owning;

/// <summary>What owners change: by the form of a page, by curl with the same fields, and as JSON.</summary>
internal sealed class EditPaste(SiteContext site, ChangeAnswers answers, DeletePaste deletion)
{
    private readonly EditPages _pages = new(site);

    /// <summary>GET /edit/{id}</summary>
    public async Task GetAsync(HttpContext context)
    {
        if (await site.FindAsync(CodeOf(context), context.RequestAborted).ConfigureAwait(false) is not { } paste)
            await site.Errors.AnswerAsync(context, site.Missing(CodeOf(context))).ConfigureAwait(false);
        else
            await PageAnswer.WriteAsync(context, EditPage.Create(_pages.Of(paste, site.Frames.Of(context.Request))), paste).ConfigureAwait(false);
    }

    /// <summary>POST /edit/{id}, and POST /{id}: with a field "delete" it deletes, as 0x0.st has it.</summary>
    public async Task PostAsync(HttpContext context) =>
        await AnswerAsync(context, await site.Incoming.ReadAsync(context, FormPurpose.Edit).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>PUT /api/v1/pastes/{id}</summary>
    public async Task PutJsonAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            await site.Errors.AnswerAsync(context, ErrorKind.UnsupportedMedia).ConfigureAwait(false);
        else
            await AnswerAsync(context, await site.Incoming.ReadJsonAsync(context, NewPasteReader.Read, FormPurpose.Edit).ConfigureAwait(false), AnswerForm.Json).ConfigureAwait(false);
    }

    private static string CodeOf(HttpContext context) => (string)context.GetRouteValue("id")!;

    private async Task AnswerAsync(HttpContext context, Incoming incoming, AnswerForm? asked = null)
    {
        switch (incoming)
        {
            case Incoming.Refused refused:
                await site.Errors.AnswerAsync(context, new SiteError(refused.Kind) { Detail = refused.Detail, Page = AgainWith(refused.Form, CodeOf(context), null) }).ConfigureAwait(false);
                return;
            case Incoming.Accepted accepted:
                using (accepted)
                {
                    await ChangeAsync(context, accepted.Form, asked ?? AcceptHeader.Form(context.Request)).ConfigureAwait(false);
                }
                return;
            default:
                throw new UnreachableException();
        }
    }

    private async Task ChangeAsync(HttpContext context, PasteForm form, AnswerForm answer)
    {
        var code = CodeOf(context);
        var token = ChangeAnswers.TokenIn(context) ?? form.Token;
        if (form.IsDeletion)
        {
            await deletion.DeleteAsync(context, token, answer).ConfigureAwait(false);
            return;
        }
        if (site.IsBlocked(form.ToEdit().Paste))
        {
            await site.Errors.AnswerAsync(context, new SiteError(ErrorKind.Blocked) { Page = AgainWith(form, code, null) }).ConfigureAwait(false);
            return;
        }
        var outcome = await site.Pastes.EditAsync(code, form.ToEdit() with { Token = token }, context.RequestAborted).ConfigureAwait(false);
        if (outcome is ChangeOutcome.Changed changed) await answers.EditedAsync(context, changed, answer).ConfigureAwait(false);
        else await answers.RefuseAsync(context, outcome, AgainWith(form, code, (outcome as ChangeOutcome.Stale)?.Current)).ConfigureAwait(false);
    }

    /// <summary>The form once more, with all that was in it: nobody should have to type it twice.</summary>
    private Func<Frame, FormRefusal, RazorSlices.RazorSlice>? AgainWith(PasteForm? form, string code, Paste? current)
    {
        if (form?.Texts is not { Count: > 0 }) return null;
        return (frame, refusal) => EditPage.Create((current is null ? _pages.Of(code, form, frame) : _pages.Of(current, form, frame)) with { Refusal = refusal });
    }
}
