using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Creating;

/// <summary>Stores what a request brought and says what became of it.</summary>
internal sealed class CreatedAnswers(SiteContext site)
{
    /// <summary>Answers in the client's form: a redirect to the page, JSON, or the address on a line.</summary>
    public Task StoreAsync(HttpContext context, Incoming incoming) => StoreAsync(context, incoming, AcceptHeader.Form(context.Request));

    public async Task StoreAsync(HttpContext context, Incoming incoming, AnswerForm form)
    {
        switch (incoming)
        {
            case Incoming.Refused refused:
                await site.Errors.AnswerAsync(context, refused.Kind, refused.Detail, refused.Draft).ConfigureAwait(false);
                return;
            case Incoming.Accepted accepted:
                using (accepted)
                {
                    await StoreAsync(context, accepted.Form, form).ConfigureAwait(false);
                }
                return;
            default:
                throw new UnreachableException();
        }
    }

    private async Task StoreAsync(HttpContext context, PasteForm paste, AnswerForm form)
    {
        var outcome = await site.StoreAsync(paste.ToPaste(), context.RequestAborted).ConfigureAwait(false);
        if (outcome is CreateOutcome.Created created) await AnswerAsync(context, created, paste, form).ConfigureAwait(false);
        else await RefuseAsync(context, outcome, paste.ToDraft()).ConfigureAwait(false);
    }

    /// <summary>Every way to paste tells the owner's token in this header too, as 0x0.st does.</summary>
    public static void TellToken(HttpContext context, OwnerToken token) => context.Response.Headers["X-Token"] = token.Reveal();

    /// <summary>When it ends, in milliseconds since 1970, as 0x0.st tells it.</summary>
    public static void TellExpiry(HttpContext context, DateTimeOffset? expires)
    {
        if (expires is { } end) context.Response.Headers["X-Expires"] = end.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
    }

    public Task RefuseAsync(HttpContext context, CreateOutcome outcome, FormDraft? draft = null)
    {
        // If it is kept after all, it has an owner.
        if (outcome is CreateOutcome.Undecided { Token: var token }) TellToken(context, token);
        return AnswerRefusalAsync(context, outcome, draft);
    }

    private Task AnswerRefusalAsync(HttpContext context, CreateOutcome outcome, FormDraft? draft) => outcome switch
    {
        CreateOutcome.Busy => site.Errors.AnswerAsync(context, ErrorKind.Busy, draft: draft),
        CreateOutcome.Full => site.Errors.AnswerAsync(context, ErrorKind.Full, draft: draft),
        CreateOutcome.Blocked => site.Errors.AnswerAsync(context, ErrorKind.Blocked, draft: draft),
        CreateOutcome.Unavailable => site.Errors.AnswerAsync(context, ErrorKind.Unavailable, draft: draft),
        CreateOutcome.NoneEnds refused => site.Errors.AnswerAsync(context, ErrorKind.Unavailable, words => words.Fill("refused.expires.now", ("reason", refused.Reason)), draft),
        CreateOutcome.TooManyUnread(var count) => site.Errors.AnswerAsync(context, ErrorKind.Unavailable, words => words.Fill("refused.burn.now", ("count", count.ToString(CultureInfo.InvariantCulture))), draft),
        CreateOutcome.Undecided undecided => site.Errors.AnswerAsync(context, ErrorKind.Undecided,
            Undecided(undecided, Links.Absolute(context, site.Links.Paste(undecided.Id.ToString()))), draft),
        _ => throw new UnreachableException(),
    };

    private static Phrase Undecided(CreateOutcome.Undecided undecided, string address) =>
        words => $"{ErrorMeaning.Undecided(words, undecided.Reason)} {words.Fill("error.undecided.address", ("address", address))}";

    private Task AnswerAsync(HttpContext context, CreateOutcome.Created created, PasteForm paste, AnswerForm form)
    {
        TellToken(context, created.Token);
        TellExpiry(context, created.Expires);
        var path = site.Links.Paste(created.Id, paste.LineNumbers && !paste.Burns, paste.Raw && !paste.Burns);
        context.Response.Headers.CacheControl = CachePolicy.Never;
        switch (form)
        {
            case AnswerForm.Page when paste.ShowsToken:
                var frame = site.Frames.Of(context.Request);
                return PageAnswer.WriteUnkeptAsync(context, CreatedPage.Create(new CreatedPageModel(frame, Links.Absolute(context, path), path, created.Token.Reveal())));
            case AnswerForm.Page:
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = path;
                context.Response.ContentLength = 0;
                return Task.CompletedTask;
            case AnswerForm.Json:
                return WriteJsonAsync(context, created, paste, path);
            case AnswerForm.Text:
                return WriteLineAsync(context, Links.Absolute(context, path));
        }
        throw new UnreachableException();
    }

    public static Task WriteLineAsync(HttpContext context, string address)
    {
        var line = System.Text.Encoding.UTF8.GetBytes(address + "\n");
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = line.Length;
        return context.Response.Body.WriteAsync(line, 0, line.Length, context.RequestAborted);
    }

    private Task WriteJsonAsync(HttpContext context, CreateOutcome.Created created, PasteForm paste, string path)
    {
        var code = created.Id.ToString();
        var told = new CreatedJson(code, Links.Absolute(context, path), paste.LineNumbers, paste.Language, paste.Raw,
            Links.Absolute(context, site.Links.Raw(code)), created.Token.Reveal(), created.Expires);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = site.Links.Paste(code);
        context.Response.ContentType = "application/json";
        var json = JsonSerializer.SerializeToUtf8Bytes(told, CreatedJsonContext.Default.CreatedJson);
        return context.Response.Body.WriteAsync(json, 0, json.Length, context.RequestAborted);
    }
}
