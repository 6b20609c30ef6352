using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Api;
using Pasteur.Web.Creating;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Owning;

/// <summary>Says what became of an edit or a deletion, in the client's form.</summary>
internal sealed class ChangeAnswers(SiteContext site)
{
    /// <summary>The token in the header; a form may have it in a field too.</summary>
    public static string? TokenIn(HttpContext context) => context.Request.Headers["X-Token"] is [{ } token] ? token.Trim() : null;

    /// <summary>After an edit: a redirect to the page, JSON, or the address on a line.</summary>
    public async Task EditedAsync(HttpContext context, ChangeOutcome.Changed changed, AnswerForm form)
    {
        var code = changed.Id.ToString();
        context.Response.Headers.CacheControl = CachePolicy.Never;
        CreatedAnswers.TellExpiry(context, changed.Expires);
        switch (form)
        {
            case AnswerForm.Page:
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = site.Links.Paste(code);
                return;
            case AnswerForm.Json:
                // Deleted in between: then there is nothing to show.
                if (await site.Pastes.FindAsync(code, context.RequestAborted).ConfigureAwait(false) is not { } paste)
                    await site.Errors.AnswerAsync(context, ErrorKind.NotFound).ConfigureAwait(false);
                else
                    await WriteJsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(PasteViews.Of(site, context, paste, hasContent: false), ApiJson.Default.PasteView)).ConfigureAwait(false);
                return;
            case AnswerForm.Text:
                await CreatedAnswers.WriteLineAsync(context, Links.Absolute(context, site.Links.Paste(code))).ConfigureAwait(false);
                return;
        }
    }

    /// <summary>After a deletion: whether the history keeps what was deleted.</summary>
    public Task DeletedAsync(HttpContext context, ChangeOutcome.Changed changed, AnswerForm form)
    {
        var code = changed.Id.ToString();
        context.Response.Headers.CacheControl = CachePolicy.Never;
        switch (form)
        {
            case AnswerForm.Page:
                var frame = site.Frames.Of(context.Request);
                return PageAnswer.WriteUnkeptAsync(context, SaidPage.Create(new SaidPageModel(frame, frame.Words["deleted.title"], Said(frame.Words), code)));
            case AnswerForm.Json:
                return WriteJsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(new DeletedView(code, Said(Words.English)), ApiJson.Default.DeletedView));
            case AnswerForm.Text:
                return CreatedAnswers.WriteLineAsync(context, Said(Words.English));
        }
        throw new UnreachableException();

        string Said(Words words) => changed.IsForgotten ? words["deleted.forgotten"] : changed.Expires is null || changed.IsInHistory ? words["deleted.history"] : words["deleted.history-until"];
    }

    /// <param name="page">What browsers are shown.</param>
    public Task RefuseAsync(HttpContext context, ChangeOutcome outcome, Func<Frame, FormRefusal, RazorSlices.RazorSlice>? page = null) =>
        site.Errors.AnswerAsync(context, ErrorOf(context, outcome) with { Page = page });

    private SiteError ErrorOf(HttpContext context, ChangeOutcome outcome) => outcome switch
    {
        ChangeOutcome.NotOwner => new(ErrorKind.NotOwner),
        ChangeOutcome.Stale stale => new(ErrorKind.Stale)
        {
            Detail = words => words.Fill("error.stale.detail-at", ("n", Number(stale.Current.Revision.Number)), ("address", Links.Absolute(context, site.Links.Paste(stale.Current.Code)))),
            Members = json =>
            {
                json.WritePropertyName("current");
                JsonSerializer.Serialize(json, PasteViews.Of(site, context, stale.Current), ApiJson.Default.PasteView);
            },
        },
        ChangeOutcome.Refused { Why: ChangeRefusal.OtherKind } => new(ErrorKind.Malformed) { Detail = words => words["refused.other-kind"] },
        ChangeOutcome.Refused { Why: ChangeRefusal.TooManyRevisions } => new(ErrorKind.Malformed) { Detail = words => words.Fill("refused.revisions", ("count", Number(Limits.MaxRevisions))) },
        ChangeOutcome.Refused { Why: ChangeRefusal.Burns } => new(ErrorKind.Malformed) { Detail = words => words["refused.burns"] },
        ChangeOutcome.Refused { Why: ChangeRefusal.TooLong } => new(ErrorKind.Malformed) { Detail = words => words.Fill("refused.expires.long", ("time", words.Duration(site.Settings.Expiry.Max ?? Limits.LongestLife))) },
        ChangeOutcome.NoneEnds refused => new(ErrorKind.Unavailable) { Detail = words => words.Fill("refused.expires.now-change", ("reason", refused.Reason)) },
        ChangeOutcome.Busy => new(ErrorKind.Busy),
        ChangeOutcome.Full => new(ErrorKind.Full),
        ChangeOutcome.Unavailable => new(ErrorKind.Unavailable),
        ChangeOutcome.Undecided undecided => new(ErrorKind.Undecided) { Detail = words => words.Fill("error.undecided.change", ("reason", undecided.Reason)) },
        _ => throw new UnreachableException(),
    };

    private static Task WriteJsonAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(json, 0, json.Length, context.RequestAborted);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
