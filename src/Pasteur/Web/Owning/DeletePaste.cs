using System.Diagnostics;
using Pasteur.Pastes;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Owning;

/// <summary>What owners delete: by the form of a page, or with the token in a header.</summary>
internal sealed class DeletePaste(SiteContext site, ChangeAnswers answers)
{
    /// <summary>GET /delete/{id}: only asks.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var code = CodeOf(context);
        if (await site.Pastes.FindAnyAsync(code, context.RequestAborted).ConfigureAwait(false) is not { } paste)
            await site.Errors.AnswerAsync(context, site.Missing(code)).ConfigureAwait(false);
        else
            await PageAnswer.WriteAsync(context, DeletePage.Create(ModelOf(code, site.Frames.Of(context.Request), paste))).ConfigureAwait(false);
    }

    /// <summary>POST /delete/{id}</summary>
    public async Task PostAsync(HttpContext context)
    {
        switch (await site.Incoming.ReadAsync(context, FormPurpose.Deletion).ConfigureAwait(false))
        {
            case Incoming.Refused refused:
                await site.Errors.AnswerAsync(context, refused.Kind, refused.Detail).ConfigureAwait(false);
                return;
            case Incoming.Accepted accepted:
                using (accepted)
                {
                    await DeleteAsync(context, ChangeAnswers.TokenIn(context) ?? accepted.Form.Token, AcceptHeader.Form(context.Request)).ConfigureAwait(false);
                }
                return;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>DELETE /api/v1/pastes/{id}</summary>
    public Task DeleteJsonAsync(HttpContext context) => DeleteAsync(context, ChangeAnswers.TokenIn(context), AnswerForm.Json);

    /// <summary>DELETE /{id}, the token in X-Token.</summary>
    public Task DeleteAsync(HttpContext context) => DeleteAsync(context, ChangeAnswers.TokenIn(context), AcceptHeader.Form(context.Request));

    public async Task DeleteAsync(HttpContext context, string? token, AnswerForm form)
    {
        var code = CodeOf(context);
        var outcome = await site.Pastes.DeleteAsync(code, token, context.RequestAborted).ConfigureAwait(false);
        if (outcome is ChangeOutcome.Changed changed) await answers.DeletedAsync(context, changed, form).ConfigureAwait(false);
        else await answers.RefuseAsync(context, outcome, (frame, refusal) => DeletePage.Create(ModelOf(code, frame) with { Refusal = refusal })).ConfigureAwait(false);
    }

    private static string CodeOf(HttpContext context) => (string)context.GetRouteValue("id")!;

    /// <param name="paste">Null for whoever has shown no right to know whether there is one: then no more is promised than of any.</param>
    private DeletePageModel ModelOf(string code, Frame frame, Paste? paste = null) => new(frame, code, frame.Keep(site.Links.Deletion(code)), frame.Keep(site.Links.Paste(code)))
    {
        IsForgotten = site.Settings.ForgetsDeleted && paste is not { Burns: not null },
        Ends = paste is { Expires: not null, InHistory: false },
    };
}
