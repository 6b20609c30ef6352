using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Errors;
using Pasteur.Web.Guards;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;
using RazorSlices;

namespace Pasteur.Web.Reading;

/// <summary>GET /{id}: the page of a paste; /{id}.zip and .tar: its archive; another ending, or ?hl=, names the language.</summary>
internal sealed class ShowPaste(SiteContext site, ServeRaw raw, ServeArchive archive, AskToOpen burning)
{
    public Task GetAsync(HttpContext context)
    {
        var target = PasteTarget.Of(context);
        if (ServeArchive.ViewOf(target.Ending) is { } archived) return archive.GetAsync(context, target.Code, archived);
        var view = View.Page;
        var hint = target.Ending;
        if (context.Request.QueryString.HasValue)
        {
            var query = context.Request.Query;
            if (query.TryGetValue("raw", out var isRaw) && Truth.Of(isRaw)) return raw.GetAsync(context, target.Code);
            if (query.TryGetValue("rendered", out var isRendered) && Truth.Of(isRendered)) view = View.RenderedPage;
            else if (query.TryGetValue("ln", out var isNumbered) && Truth.Of(isNumbered)) view = View.NumberedPage;
            if (query.TryGetValue("hl", out var language)) hint = language;
        }
        var frame = site.Frames.Of(context.Request);
        var key = new AnswerKey(view, target.Code, Languages.Find(hint)?.Id, AcceptEncodingHeader.Best(context.Request), frame.Version, site.Lists.BlockedVersion);
        return site.Answers.Find(key, site.Pastes) is { } answer ? answer.WriteAsync(context) : MakeAsync(context, key, frame);
    }

    private RazorSlice PageOf(ShownPaste shown) => SealedPageMaker.IsSealed(shown.Paste)
        ? SealedPage.Create(SealedPageMaker.Make(site, shown))
        : PastePage.Create(PastePageMaker.Make(site, shown));

    private async Task MakeAsync(HttpContext context, AnswerKey key, Frame frame)
    {
        if (await site.FindAsync(key.Code, context.RequestAborted).ConfigureAwait(false) is not { } paste)
        {
            await burning.AskAsync(context, key.Code).ConfigureAwait(false);
            return;
        }
        var html = await PageRenderer.RenderAsync(PageOf(new ShownPaste(paste, key, frame))).ConfigureAwait(false);
        var coding = Compressor.Worthwhile(key.Coding, html.Length);
        var answer = new PreparedAnswer($"{paste.Tag[..20]}-{frame.Version}{(int)key.View}{key.Part}{paste.Newest?.Tag[..8]}", Compressor.Compress(html, coding), coding)
        {
            Source = paste,
            ContentType = PageRenderer.ContentType,
            CacheControl = CachePolicy.For(paste, CachePolicy.Revalidate),
            Vary = SecurityHeaders.VaryByLanguage,
        };
        if (paste.Newest is null) site.Answers.Keep(key, answer);
        await answer.WriteAsync(context).ConfigureAwait(false);
    }
}
