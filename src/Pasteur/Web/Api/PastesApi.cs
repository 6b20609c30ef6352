using System.Diagnostics;
using System.Text.Json;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Creating;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Api;

/// <summary>/api/v1/pastes: pastes as JSON, described by openapi.json.</summary>
internal sealed class PastesApi(SiteContext site, CreatedAnswers answers)
{
    /// <summary>POST /api/v1/pastes</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            await site.Errors.AnswerAsync(context, ErrorKind.UnsupportedMedia).ConfigureAwait(false);
            return;
        }
        switch (await site.Incoming.ReadJsonAsync(context, NewPasteReader.Read).ConfigureAwait(false))
        {
            case Incoming.Refused refused:
                await site.Errors.AnswerAsync(context, refused.Kind, refused.Detail).ConfigureAwait(false);
                return;
            case Incoming.Accepted accepted:
                using (accepted)
                {
                    await StoreAsync(context, accepted.Form.ToPaste()).ConfigureAwait(false);
                }
                return;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>GET /api/v1/pastes/{id}</summary>
    public async Task GetAsync(HttpContext context)
    {
        var name = (string)context.GetRouteValue("id")!;
        var paste = await site.FindAsync(name, context.RequestAborted).ConfigureAwait(false);
        if (paste is null && site.Missing(name) == ErrorKind.Burns && await site.Pastes.FindAnyAsync(name, context.RequestAborted).ConfigureAwait(false) is { } burning)
        {
            await PasteViews.WriteUnkeptAsync(context, PasteViews.Unopened(site, context, burning)).ConfigureAwait(false);
            return;
        }
        if (paste is null)
        {
            await site.Errors.AnswerAsync(context, site.Missing(name)).ConfigureAwait(false);
            return;
        }
        // Who wants to know what there is need not take it all.
        var hasContent = !context.Request.Query.TryGetValue("content", out var wanted) || Truth.Of(wanted);
        var json = JsonSerializer.SerializeToUtf8Bytes(PasteViews.Of(site, context, paste, hasContent), ApiJson.Default.PasteView);
        var coding = Compressor.Worthwhile(AcceptEncodingHeader.Best(context.Request), json.Length);
        var answer = new PreparedAnswer($"{paste.Tag[..20]}-{(hasContent ? "json" : "info")}", Compressor.Compress(json, coding), coding)
        {
            ContentType = "application/json",
            CacheControl = CachePolicy.For(paste, CachePolicy.Revalidate),
        };
        await answer.WriteAsync(context).ConfigureAwait(false);
    }

    private async Task StoreAsync(HttpContext context, NewPaste paste)
    {
        var outcome = await site.StoreAsync(paste, context.RequestAborted).ConfigureAwait(false);
        if (outcome is not CreateOutcome.Created { Id: var id, Token: var token })
        {
            await answers.RefuseAsync(context, outcome).ConfigureAwait(false);
            return;
        }
        var stored = await site.Pastes.FindAnyAsync(id.ToString(), context.RequestAborted).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"Paste {id} was stored and is not there.");
        var view = stored.Burns is null ? PasteViews.Of(site, context, stored) : PasteViews.Unopened(site, context, stored);
        CreatedAnswers.TellToken(context, token);
        CreatedAnswers.TellExpiry(context, stored.Expires);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.CacheControl = CachePolicy.Never;
        context.Response.Headers.Location = $"{site.Frame.BasePath}/api/v1/pastes/{id}";
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(
            JsonSerializer.SerializeToUtf8Bytes(view with { Token = token.Reveal() }, ApiJson.Default.PasteView), context.RequestAborted).ConfigureAwait(false);
    }
}
