using System.Globalization;
using System.Text.Json;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Api;
using Pasteur.Web.Errors;
using Pasteur.Web.Pages;
using Pasteur.Web.Reading;

namespace Pasteur.Web.Revisions;

/// <summary>GET /revisions/{id}: the list; GET /diff/{id}?from=&amp;to=: any two compared. Both cost what the paste costs, however long the history is.</summary>
internal sealed class ShowRevisions(SiteContext site)
{
    private const string Unified = "unified";

    /// <summary>GET /revisions/{id}</summary>
    public async Task GetAsync(HttpContext context)
    {
        if (await FindAsync(context).ConfigureAwait(false) is not { } paste)
        {
            await site.Errors.AnswerAsync(context, Missing(context)).ConfigureAwait(false);
            return;
        }
        var frame = site.Frames.Of(context.Request);
        var isSealed = SealedPageMaker.IsSealed(paste);
        await PageAnswer.WriteAsync(context, RevisionsPage.Create(new RevisionsPageModel(frame)
        {
            Code = paste.Code,
            Heading = isSealed ? frame.Words["sealed.heading"] : paste.Files is [var single] ? single.Name : paste.Code,
            Revisions = [.. paste.Earlier.Append(paste.Revision).Reverse().Select(revision => ModelOf(paste, revision, frame))],
            Paste = frame.Keep(site.Links.Paste(paste.Code)),
            Comparison = site.Links.Comparison(paste.Code),
            IsSealed = isSealed,
        }), paste).ConfigureAwait(false);
    }

    /// <summary>GET /diff/{id}; without numbers, what the last edit changed.</summary>
    public async Task GetComparisonAsync(HttpContext context)
    {
        var paste = await FindAsync(context).ConfigureAwait(false);
        var to = NumberIn(context, "to") ?? paste?.Revision.Number ?? 0;
        var from = NumberIn(context, "from") ?? Math.Max(1, to - 1);
        if (paste is null || SealedPageMaker.IsSealed(paste) ||
            site.Pastes.AtRevision(paste, from) is not { } old || site.Pastes.AtRevision(paste, to) is not { } @new)
        {
            await site.Errors.AnswerAsync(context, paste is null ? Missing(context) : ErrorKind.NotFound, paste is null ? null : words => words["error.no-revision"]).ConfigureAwait(false);
            return;
        }
        if (site.IsWithheld(old) || site.IsWithheld(@new))
        {
            await site.Errors.AnswerAsync(context, ErrorKind.Withheld).ConfigureAwait(false);
            return;
        }
        var frame = site.Frames.Of(context.Request);
        var isSideBySide = context.Request.Query["view"] != Unified;
        await PageAnswer.WriteAsync(context, DiffPage.Create(new DiffPageModel(frame)
        {
            Code = paste.Code,
            Old = ModelOf(paste, old.Revision, frame),
            New = ModelOf(paste, @new.Revision, frame),
            Count = paste.Revision.Number,
            Here = frame.Keep(string.Create(CultureInfo.InvariantCulture, $"{site.Links.Comparison(paste.Code)}?from={from}&to={to}&view={(isSideBySide ? Unified : "side")}")),
            Paste = frame.Keep(site.Links.Paste(paste.Code)),
            Revisions = frame.Keep(site.Links.Revisions(paste.Code)),
            IsSideBySide = isSideBySide,
            Comparison = new PasteComparison(frame.Words, isSideBySide).Between(old.Files, @new.Files),
        }), paste).ConfigureAwait(false);
    }

    /// <summary>GET /api/v1/pastes/{id}/revisions</summary>
    public async Task GetJsonAsync(HttpContext context)
    {
        if (await FindAsync(context).ConfigureAwait(false) is not { } paste)
        {
            await site.Errors.AnswerAsync(context, Missing(context)).ConfigureAwait(false);
            return;
        }
        var view = new RevisionsView(paste.Code, [.. paste.Earlier.Append(paste.Revision).Reverse().Select(revision => new RevisionView(
            revision.Number, Links.Absolute(context, site.Links.Revision(paste.Code, revision.Number)), revision.Tag, revision.Made, revision.Author, revision.Comment))]);
        context.Response.Headers.CacheControl = CachePolicy.For(paste, CachePolicy.Revalidate);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(view, ApiJson.Default.RevisionsView), context.RequestAborted).ConfigureAwait(false);
    }

    private ErrorKind Missing(HttpContext context) => site.Missing((string)context.GetRouteValue("id")!);

    private ValueTask<Paste?> FindAsync(HttpContext context) => site.FindAsync((string)context.GetRouteValue("id")!, context.RequestAborted);

    private RevisionModel ModelOf(Paste paste, PasteRevision revision, Frame frame) => new(
        revision.Number,
        revision.Number == paste.Revision.Number || site.Pastes.HasRevision(revision) ? frame.Keep(site.Links.Revision(paste.Code, revision.Number)) : null,
        revision.Made?.ToUniversalTime(),
        revision.Author,
        revision.Comment);

    private static int? NumberIn(HttpContext context, string name) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
